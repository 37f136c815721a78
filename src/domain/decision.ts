/** Decisions of people: their kinds, their comment commands, and who may make them. */
import type { Actor } from './actor.ts';
import { type Mode, parseMode } from './mode.ts';
import type { DecisionSource } from './policy.ts';

export const GATES = ['start', 'publish', 'merge', 'release'] as const;
export type Gate = (typeof GATES)[number];

export const DECISION_KINDS = [
  'approve',
  'reject',
  'escalate',
  'retry',
  'pause',
  'resume',
  'cancel',
  'set-mode',
  'assign-release-owner',
  'verify-release',
] as const;
export type DecisionKind = (typeof DECISION_KINDS)[number];

/** What a person requests, before their identity is known. */
export interface DecisionRequest {
  readonly kind: DecisionKind;
  readonly gate?: Gate;
  /** A prefix of the approved digest, as shown at the gate. */
  readonly digest?: string;
  readonly reason?: string;
  /** A login: the person to escalate to, or the release owner. */
  readonly to?: string;
  readonly mode?: Mode;
}

export interface Decision extends DecisionRequest {
  /** Unique for each decision: id of the comment, of the review, or given by the caller. A second delivery has no effect. */
  readonly id: string;
  /** The generation that the person saw, if given. */
  readonly generation?: number;
  readonly source: DecisionSource;
  readonly by: Actor;
}

/** The answer to the sender: accepted or refused. */
export interface DecisionAnswer {
  /** The decision's id. */
  readonly id: string;
  readonly taken: boolean;
  /** One line: what was accepted, or why it was refused. */
  readonly text: string;
}

/** The id of a decision made in a comment on the issue. */
export function commentDecisionId(commentId: number): string {
  return `comment-${commentId}`;
}

/** The kind of judgement behind a decision or a rule. */
export type Judgement = 'product' | 'engineering' | 'release' | 'automatic';

export const GATE_JUDGEMENT: Readonly<Record<Gate, Judgement>> = {
  start: 'product',
  publish: 'engineering',
  merge: 'engineering',
  release: 'release',
};

export interface DecisionRule {
  readonly does: string;
  /** In addition to the reasons common to all: role, source, an ended issue, a second delivery. */
  readonly refusedWhen: string;
  /** `gate`: the judgement of the open gate. */
  readonly judgement: Judgement | 'gate';
}

export const DECISION_RULES: Readonly<Record<DecisionKind, DecisionRule>> = {
  approve: {
    does: 'passes the open gate',
    refusedWhen:
      'no gate is open, it names another gate, no digest or a stale digest (the answer lists the changes); at the release gate: not the named owner',
    judgement: 'gate',
  },
  reject: {
    does: 'blocks the issue; at publish and merge it sets the change aside and gives the reason to the next attempt',
    refusedWhen: 'no gate is open',
    judgement: 'gate',
  },
  escalate: { does: 'holds the issue until a person resumes it', refusedWhen: '', judgement: 'engineering' },
  retry: {
    does: 'assumes that the block is fixed; reads everything again, including the policy; sets aside a run that cannot continue',
    refusedWhen: 'paused; an effect is in progress; a gate is open',
    judgement: 'engineering',
  },
  pause: { does: 'holds the issue', refusedWhen: 'already paused', judgement: 'product' },
  resume: { does: 'continues', refusedWhen: 'neither paused nor escalated', judgement: 'product' },
  cancel: {
    does: 'ends the work and releases the branch',
    refusedWhen: 'the change is merged',
    judgement: 'product',
  },
  'set-mode': {
    does: 'changes the mode',
    refusedWhen: 'no mode is named, or a pull request exists',
    judgement: 'product',
  },
  'assign-release-owner': {
    does: 'names the person who signs off',
    refusedWhen: 'no one is named',
    judgement: 'release',
  },
  'verify-release': {
    does: 'marks the release as verified by hand',
    refusedWhen: 'nothing is merged, the release is verified, or it has another named owner',
    judgement: 'release',
  },
};

export function judgementOf(decision: DecisionRequest, gateAsked: Gate | undefined): Judgement {
  const { judgement } = DECISION_RULES[decision.kind];
  if (judgement !== 'gate') return judgement;
  const gate = decision.gate ?? gateAsked;
  return gate === undefined ? 'engineering' : GATE_JUDGEMENT[gate];
}

const COMMAND = /^\/([a-z-]+)(?:[ \t](.*))?$/;
const REASON_CHARS_MAX = 500;

/**
 * Reads a comment command: the first non-empty line must be `/kind arguments`. Quoted, fenced and mid-line commands are
 * ordinary text.
 */
export function parseCommand(comment: string): DecisionRequest | undefined {
  const first = comment.split(/\r\n|\n|\r/).find(line => line.trim() !== '');
  const [, word, rest = ''] = COMMAND.exec(first?.trimEnd() ?? '') ?? [];
  const kind = DECISION_KINDS.find(known => known === word);
  return kind === undefined ? undefined : withArguments(kind, rest.trim());
}

type Reader = (text: string, words: readonly string[]) => Omit<DecisionRequest, 'kind'> | undefined;

const ARGUMENTS: Readonly<Record<DecisionKind, Reader>> = {
  approve: (_text, words) => approval(words),
  reject: reason,
  escalate: (text, [first]) => ({ ...login(first), ...reason(text) }),
  retry: reason,
  pause: reason,
  resume: reason,
  cancel: reason,
  'set-mode': (_text, [first]) => {
    const mode = parseMode(first ?? '');
    return mode === undefined ? undefined : { mode };
  },
  'assign-release-owner': (_text, [first]) => login(first),
  'verify-release': reason,
};

function withArguments(kind: DecisionKind, text: string): DecisionRequest | undefined {
  const words = text.split(/\s+/).filter(word => word !== '');
  const found = ARGUMENTS[kind](text, words);
  return found === undefined ? undefined : { kind, ...found };
}

/** `/approve 3f9a…` or `/approve merge 3f9a…`. */
function approval(words: readonly string[]): Omit<DecisionRequest, 'kind'> {
  const gate = GATES.find(known => known === words[0]);
  const digest = gate === undefined ? words[0] : words[1];
  return {
    ...(gate === undefined ? {} : { gate }),
    ...(digest === undefined ? {} : { digest }),
  };
}

function reason(text: string): { readonly reason?: string } {
  return text === '' ? {} : { reason: text.slice(0, REASON_CHARS_MAX) };
}

function login(word: string | undefined): { readonly to?: string } {
  const found = /^@([A-Za-z0-9-]{1,39})$/.exec(word ?? '')?.[1];
  return found === undefined ? {} : { to: found };
}
