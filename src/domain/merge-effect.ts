/** Effects that merge an approved head, or let GitHub do it. */
import type { HandOverWay, MergeMethod } from './policy.ts';
import type { Approval } from './state/people.ts';

interface ApprovedHead {
  readonly number: number;
  readonly head: string;
  readonly approval: Approval;
  readonly title: string;
  /** Absent: merge. A queue has its own. */
  readonly method?: MergeMethod;
}

export type MergeEffect =
  | ({ readonly kind: 'merge' } & ApprovedHead)
  /** Adds the head to the merge queue, or lets GitHub merge it as soon as the rules of the branch are met. */
  | ({ readonly kind: 'hand-over-merge'; readonly way: HandOverWay } & ApprovedHead)
  /** Before anything else happens to what was handed over. */
  | {
      readonly kind: 'take-back-merge';
      readonly way: HandOverWay;
      readonly number: number;
      readonly head: string;
    };
