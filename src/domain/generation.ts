/**
 * Generations: an ended issue starts again when a person reopens it, opts it in again, or restarts it by name. Each
 * generation has its own branch, status comment and audit chain, and voids every older approval.
 */
import type { Account } from './observation.ts';

export const FIRST_GENERATION = 1;

/** What the next generation needs to know about the ended one. */
export interface EndedLife {
  readonly generation: number;
  /** The id of the latest act it knew. GitHub's ids of issue events only increase. */
  readonly actsReadTo: number;
}

/** An act that asks for work on an issue: GitHub's issue events `labeled` and `reopened`. */
export interface IssueAct {
  readonly id: number;
  readonly kind: 'opted-in' | 'reopened';
  readonly by: Account;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Where a generation starts. Earlier comments and acts do not count in it. */
export interface Beginning {
  readonly generation: number;
  /** Comments up to this id belong to an earlier generation and are not decisions in this one. */
  readonly commentsReadTo: number;
  readonly actsReadTo: number;
}

/**
 * The act that starts an ended issue again; `undefined` without one. The new generation checks whether that person is
 * allowed to opt in, as always.
 */
export function beginsAgain(life: EndedLife, acts: readonly IssueAct[]): IssueAct | undefined {
  return acts.findLast(({ id, by }) => id > life.actsReadTo && by.type === 'User');
}
