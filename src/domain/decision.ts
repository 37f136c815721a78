/** Decisions of people: their kinds, and what each does. */
import type { Actor } from './actor.ts';
import type { Mode } from './mode.ts';
import type { DecisionSource } from './policy.ts';

export const GATES = ['start', 'publish', 'merge', 'release'] as const;
export type Gate = (typeof GATES)[number];

export const DECISION_KINDS = [
  'approve',
  'reject',
  'answer',
  'adopt',
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

/** Of one decision. A longer one is refused: half a reason could say the opposite. */
export const REASON_CHARS_MAX = 2_000;

/** What a person requests, before their identity is known. */
export interface DecisionRequest {
  readonly kind: DecisionKind;
  readonly gate?: Gate;
  /** A prefix of the approved digest, as shown at the gate. */
  readonly digest?: string;
  /** The adopted head of the branch, or its first digits, as the hold shows it. */
  readonly head?: string;
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
  /** Its words are not exactly a command: why it is refused in every state, and what to write instead. */
  readonly unclear?: string;
}

/** The answer to the sender: accepted or refused. */
export interface DecisionAnswer {
  /** The decision's id. */
  readonly id: string;
  readonly taken: boolean;
  /** One line: what was accepted, or why it was refused. */
  readonly text: string;
}

/** The id of a decision made in a comment on the issue; `position` counts the commands of the comment, from 0. */
export function commentDecisionId(commentId: number, position = 0): string {
  return position === 0 ? `comment-${commentId}` : `comment-${commentId}.${position}`;
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
  answer: {
    does: 'gives the words to the next attempt, which starts at once; otherwise as `retry`',
    refusedWhen: 'no question is open, or it has no words',
    judgement: 'engineering',
  },
  adopt: {
    does: 'takes the commits of others on the branch into the change, which is built, verified and asked for as any change; without an agent',
    refusedWhen:
      'paused; the branch has no commits of others; it names no head or another one; they cannot be adopted (the answer says why)',
    judgement: 'engineering',
  },
  escalate: { does: 'holds the issue until a person resumes it', refusedWhen: '', judgement: 'engineering' },
  retry: {
    does: 'assumes that the block is fixed; reads everything again, including the policy; sets aside a run that cannot continue; gives its words to the next attempt; if it names the head of others on the branch, that head is given up: the next push replaces it',
    refusedWhen:
      'paused; an effect is in progress; a gate is open; changes were asked for without a word, and it has none either; the branch has commits of others and it does not name their head',
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
    refusedWhen: 'no known mode is named, or a pull request exists',
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
