/** Decisions of people: their kinds, and what each does. */
import type { Actor } from './actor.ts';
import type { Mode } from './mode.ts';
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
