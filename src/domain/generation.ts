/**
 * Generations: an issue that has ended begins again when a person reopens it, opts it in anew, or restarts it by name. Each
 * generation has a branch, a status comment and an audit chain of its own, and voids every older approval.
 */
import type { Account } from './observation.ts';

export const FIRST_GENERATION = 1;

/** What the next generation must know of the one that has ended. */
export interface EndedLife {
  readonly generation: number;
  /** The latest act it knew: GitHub's ids of issue events only grow. */
  readonly actsReadTo: number;
}

/** Something a person may do to an issue to have it worked on: GitHub's issue events `labeled` and `reopened`. */
export interface IssueAct {
  readonly id: number;
  readonly kind: 'opted-in' | 'reopened';
  readonly by: Account;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Where a life begins: what lies before it is nobody's word in it. */
export interface Beginning {
  readonly generation: number;
  /** Comments up to this id belong to an earlier generation: none of them is a decision here. */
  readonly commentsReadTo: number;
  readonly actsReadTo: number;
}

/**
 * The act that ended life begins again by; undefined when nobody asked for it. Whether that person may opt in is judged in
 * the new life like in any other.
 */
export function beginsAgain(life: EndedLife, acts: readonly IssueAct[]): IssueAct | undefined {
  return acts.findLast(({ id, by }) => id > life.actsReadTo && by.type === 'User');
}
