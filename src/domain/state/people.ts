/** What people decided, what they are asked, and how long they have been asked for it. */
import type { Actor } from '../actor.ts';
import type { Bound } from '../bound.ts';
import type { DecisionAnswer, Gate } from '../decision.ts';
import type { Digest } from '../digest.ts';
import type { Mode } from '../mode.ts';

export interface Approval {
  readonly gate: Gate;
  readonly digest: Digest;
  /** What the digest is of. */
  readonly bound: Bound;
  readonly by: Actor;
  readonly at: number;
  /** The GitHub review that gave it; dismissing that review takes it back. */
  readonly review?: number;
}

/** What a gate once asked people to approve. */
export interface Asked {
  readonly gate: Gate;
  readonly digest: Digest;
  readonly bound: Bound;
}

/** Something only a person can mend; a `retry` clears it. */
export interface Blocked {
  readonly reason: string;
  readonly mend: string;
  readonly since: number;
  /** The step cannot succeed with what there is: a retry sets the run aside. */
  readonly anew?: boolean;
}

export const RUNGS = ['fresh', 'reminded', 'escalated', 'parked'] as const;
export type Rung = (typeof RUNGS)[number];

export interface People {
  readonly modeSet?: Mode;
  readonly approvals: readonly Approval[];
  /** The latest of them last, so that whoever names an older digest is told what changed since. */
  readonly asked?: readonly Asked[];
  readonly cancelled?: { readonly by: Actor; readonly reason: string };
  readonly paused?: { readonly by: Actor; readonly reason: string };
  readonly escalated?: { readonly by: Actor; readonly reason: string; readonly to: string };
  readonly blocked?: Blocked;
  /** Since when the present hold stands, and how far its ladder has climbed. */
  readonly held?: { readonly name: string; readonly since: number; readonly rung: Rung };
  /** The latest decision that was not taken, for the person who sent it. */
  readonly refusedDecision?: { readonly by: string; readonly kind: string; readonly why: string };
  readonly decisionsSeen: readonly string[];
  /** What became of the latest of them; absent in states from before this was kept. */
  readonly answers?: readonly DecisionAnswer[];
}
