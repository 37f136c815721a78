/** What people decided, what the gates ask of them, and since when. */
import type { Actor } from '../actor.ts';
import type { Bound } from '../bound.ts';
import type { DecisionAnswer, Gate } from '../decision.ts';
import type { Digest } from '../digest.ts';
import type { Mode } from '../mode.ts';

/** What a carried approval was given for. */
export interface Carried {
  readonly digest: Digest;
  readonly base: string;
  readonly head: string;
  readonly evidence: Digest;
}

export interface Approval {
  readonly gate: Gate;
  readonly digest: Digest;
  /** The parts behind the digest. */
  readonly bound: Bound;
  readonly by: Actor;
  readonly at: number;
  /** The GitHub review behind it; dismissing that review withdraws the approval. */
  readonly review?: number;
  /** Digests of the concerns in the evidence that it was given for; absent if there were none. */
  readonly concerns?: readonly Digest[];
  /** It was given for an older base, and is carried over to this one. */
  readonly carried?: Carried;
}

/** What a gate once showed for approval. */
export interface Asked {
  readonly gate: Gate;
  readonly digest: Digest;
  readonly bound: Bound;
}

/** Something that only a person can fix; a `retry` clears it. */
export interface Blocked {
  readonly reason: string;
  readonly mend: string;
  readonly since: number;
  /** The step cannot succeed with the present run: a retry sets the run aside. */
  readonly anew?: boolean;
  /** The reason is a lesson for the next attempt. */
  readonly lesson?: boolean;
  /** The commit cannot be used as it is: a retry builds it again from the same change. */
  readonly rebuild?: boolean;
  /** Changes were asked for without a word. A run costs money, so none starts before someone says what to change. */
  readonly wordless?: { readonly by: string; readonly reviewId?: number };
}

export const RUNGS = ['fresh', 'reminded', 'escalated', 'parked'] as const;
export type Rung = (typeof RUNGS)[number];

export interface RefusedDecision {
  readonly by: string;
  readonly kind: string;
  readonly why: string;
  /** Others of the same comment. */
  readonly earlier?: readonly { readonly kind: string; readonly why: string }[];
}

/** The latest command in a comment that was taken. */
export interface TakenCommand {
  readonly by: string;
  readonly kind: string;
  readonly at: number;
}

/** Answers to refused commands in comments. */
export interface Replies {
  readonly owed: readonly OwedReply[];
  /** Comments that have their answer: a comment gets one, however often it is edited. */
  readonly answered: readonly number[];
  /** When the latest ones became due. */
  readonly times: readonly number[];
}

export interface OwedReply {
  readonly commentId: number;
  /** The number of the issue or pull request. */
  readonly thread: number;
  readonly to: string;
  readonly refusals: readonly { readonly kind: string; readonly why: string }[];
}

/** All refusals of the comment, in its order. */
export function refusalsOf(
  refused: RefusedDecision | undefined,
): readonly Omit<RefusedDecision, 'earlier'>[] {
  if (refused === undefined) return [];
  const { earlier = [], ...latest } = refused;
  return [...earlier.map(one => ({ by: latest.by, ...one })), latest];
}

export interface People {
  readonly modeSet?: Mode;
  readonly approvals: readonly Approval[];
  /** Latest last. Used to tell a person who names an older digest what changed since. */
  readonly asked?: readonly Asked[];
  readonly cancelled?: { readonly by: Actor; readonly reason: string };
  readonly paused?: { readonly by: Actor; readonly reason: string };
  readonly escalated?: { readonly by: Actor; readonly reason: string; readonly to: string };
  readonly blocked?: Blocked;
  /** The present hold: its start and its rung. */
  readonly held?: { readonly name: string; readonly since: number; readonly rung: Rung };
  /** The latest refused decision, shown to the person who sent it. */
  readonly refusedDecision?: RefusedDecision;
  readonly takenCommand?: TakenCommand;
  readonly replies?: Replies;
  readonly decisionsSeen: readonly string[];
  /** The answers to the latest decisions; absent in older states. */
  readonly answers?: readonly DecisionAnswer[];
}
