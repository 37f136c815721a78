/** What is verified ahead of the turn: the change on the tree that those before it in the line of merges will make. */
import type { Digest } from '../digest.ts';
import type { Verification } from './work.ts';

/** A change that is merged before. */
export interface ChangeBefore {
  /** The number of its issue. */
  readonly issue: number;
  readonly head: string;
}

/** What git makes of a commit of the target branch, the heads before it in their order, and our head. */
export interface AheadBuilt {
  readonly base: string;
  /** Of all before our head. */
  readonly baseTree: string;
  readonly tree: string;
}

/** A verification of a tree. It counts for the merge that has exactly these trees. */
export interface AheadProof {
  readonly head: string;
  readonly policy: Digest;
  readonly baseTree: string;
  readonly tree: string;
  readonly verification: Verification;
}

export interface Ahead {
  /** Of the place in the line. */
  readonly id: string;
  readonly before: readonly ChangeBefore[];
  /** For just these changes before; absent until it is built. */
  readonly built?: AheadBuilt;
  /** Git cannot merge them, or the verification failed: the turn decides. */
  readonly isOver?: true;
  readonly proof?: AheadProof;
}
