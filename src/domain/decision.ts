/** Decisions of people: their kinds, the comment commands that carry them, and who may take them. */
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

/** What a person wants, before it is known who they are. */
export interface DecisionRequest {
  readonly kind: DecisionKind;
  readonly gate?: Gate;
  /** A prefix of the digest that is being approved, as shown at the gate. */
  readonly digest?: string;
  readonly reason?: string;
  /** A login: whom to escalate to, or the release owner. */
  readonly to?: string;
  readonly mode?: Mode;
}

export interface Decision extends DecisionRequest {
  /** Unique per decision: the comment, the review, or the caller's id. A second delivery changes nothing. */
  readonly id: string;
  /** The generation that the decider looked at, where they say so. */
  readonly generation?: number;
  readonly source: DecisionSource;
  readonly by: Actor;
}

/** Taken, or refused; for the person who sent it. */
export interface DecisionAnswer {
  /** Of the decision. */
  readonly id: string;
  readonly taken: boolean;
  /** One line: what was taken, or why it was not. */
  readonly text: string;
}

/** The id of a decision that came as a comment on the issue. */
export function commentDecisionId(commentId: number): string {
  return `comment-${commentId}`;
}

/** Which kind of judgement a decision or a rule exercises (product.md B5). */
export type Judgement = 'product' | 'engineering' | 'release' | 'automatic';

export const GATE_JUDGEMENT: Readonly<Record<Gate, Judgement>> = {
  start: 'product',
  publish: 'engineering',
  merge: 'engineering',
  release: 'release',
};

export interface DecisionRule {
  readonly does: string;
  /** Beside what holds for all: the role, the source, an end, a second delivery. */
  readonly refusedWhen: string;
  /** `gate`: that of the gate which is asked. */
  readonly judgement: Judgement | 'gate';
}

export const DECISION_RULES: Readonly<Record<DecisionKind, DecisionRule>> = {
  approve: {
    does: 'passes the gate that is asked',
    refusedWhen:
      'no gate, another gate, no digest, a stale digest (what changed is named); at the release gate: not the named owner',
    judgement: 'gate',
  },
  reject: {
    does: 'blocks; at publish and merge the change is set aside and the reason goes to the next attempt',
    refusedWhen: 'no gate is asked',
    judgement: 'gate',
  },
  escalate: { does: 'holds until a person resumes', refusedWhen: '', judgement: 'engineering' },
  retry: {
    does: 'what blocks is taken as mended; everything is read again, the policy too; a run that cannot lead on is set aside',
    refusedWhen: 'paused; an effect is under way; a gate is asked',
    judgement: 'engineering',
  },
  pause: { does: 'holds', refusedWhen: 'paused already', judgement: 'product' },
  resume: { does: 'goes on', refusedWhen: 'neither paused nor escalated', judgement: 'product' },
  cancel: {
    does: 'ends the work and gives back the branch',
    refusedWhen: 'it is merged',
    judgement: 'product',
  },
  'set-mode': {
    does: 'another mode',
    refusedWhen: 'no mode is named, or there is a pull request',
    judgement: 'product',
  },
  'assign-release-owner': {
    does: 'says who signs off',
    refusedWhen: 'nobody is named',
    judgement: 'release',
  },
  'verify-release': {
    does: 'dates the release as verified by hand',
    refusedWhen: 'nothing is merged, it is verified, or the release has another named owner',
    judgement: 'release',
  },
};

export function judgementOf(decision: DecisionRequest, gateAsked: Gate | undefined): Judgement {
  const { judgement } = DECISION_RULES[decision.kind];
  if (judgement !== 'gate') return judgement;
  const gate = decision.gate ?? gateAsked;
  return gate === undefined ? 'engineering' : GATE_JUDGEMENT[gate];
}

const COMMAND = /^\/([a-z-]+)(?:[ \t]+(.*))?$/;
const REASON_CHARS_MAX = 500;

/**
 * Reads a comment command: the first line that is not empty must be `/kind arguments`, alone. Quoted, fenced and
 * mid-line commands are text, not commands.
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
