/** The part of the work that is on GitHub: the branch, the pull request, the merge. */
import type { Actor } from '../actor.ts';
import type { Digest } from '../digest.ts';
import type { ForeignHead } from '../foreign-head.ts';
import type { ObservedPullRequest } from '../observation.ts';
import type { HandOverWay } from '../policy.ts';
import type { Ahead } from './ahead.ts';
import type { Evidence, Verification } from './work.ts';

/** `by` takes the commits of this head into the change. */
export interface Adoption extends ForeignHead {
  readonly by: Actor;
  /** The run that holds its files, once they were read. */
  readonly runId?: string;
}

/** The merge of a commit of the target branch and our head, as git makes it: what would be merged, or what was. */
export interface Candidate {
  readonly base: string;
  readonly head: string;
  readonly tree: string;
  /** Of what the merge brings to the base. Absent: it brings nothing, or too much for an id. */
  readonly patch?: string;
  /** Files that both sides changed; absent if there are none. */
  readonly sameFiles?: readonly string[];
  readonly verification?: Verification;
  readonly evidence?: Evidence;
  /** When its evidence was there, in epoch milliseconds. */
  readonly provenAt?: number;
  /** Its evidence was not there when the change was merged. */
  readonly isLate?: true;
}

/** The commit that a merge made, as git reads it. */
export interface Arrival {
  readonly commit: string;
  readonly tree: string;
  /** Its first parent. */
  readonly base: string;
  /** The base and our head do not merge cleanly: somebody decided what was merged. */
  readonly isConflict?: true;
}

/** A review that counted, and the change as it was then. */
export interface Reviewed {
  readonly by: string;
  readonly said: 'approved' | 'changes-requested';
  readonly head: string;
  readonly base: string;
  /** Of the changed files; only the first ones if there are `more`. */
  readonly paths: readonly string[];
  readonly more?: true;
}

/** Of an approved change in the line of merges of its repository. */
export interface MergePlace {
  /** As the line knows it: a place that was given up never comes back. */
  readonly id: string;
  readonly head: string;
  readonly target: string;
  /** Epoch milliseconds. */
  readonly joinedAt: number;
  /** When the line last got our request: it is asked again, because it may have been terminated. */
  readonly askedAt: number;
  /** Since when the change has its turn; absent while it waits. */
  readonly turnAt?: number;
}

/** The approved head, which GitHub is to merge. */
export interface MergeHandOver {
  readonly way: HandOverWay;
  readonly head: string;
  /** Of the approval that it was handed over with. */
  readonly digest: Digest;
  /** When it was handed over, in epoch milliseconds. */
  readonly at: number;
  /** When it was last read that GitHub has it. */
  readonly readAt: number;
  /** It was asked for, and the answer is not known: GitHub may have it. */
  readonly isSent?: true;
  /** Its place in the merge queue, from 1. */
  readonly position?: number;
  /** GitHub gave it back without a merge: why. */
  readonly returned?: string;
  /** GitHub can merge it at once: auto-merge has nothing to wait for. */
  readonly isNeedless?: true;
  /** GitHub refused to give it back: why. */
  readonly stuck?: string;
}

export interface Publication {
  readonly mergePlace?: MergePlace;
  /** Of the place, while it waits; absent where nothing is verified ahead. */
  readonly ahead?: Ahead;
  /** How many places the issue had in this generation; absent before the first. */
  readonly mergePlaces?: number;
  /** Ids of places for which a turn came and that are not ours any more: they must be given up. Absent without any. */
  readonly strayPlaces?: readonly string[];
  /** The commit of the latest requested push. It may be on the branch even if no result arrived. */
  readonly pushSent?: string;
  readonly pushed?: string;
  /** The previous head of the branch; a late look may still show it. */
  readonly pushedBefore?: string;
  /** A push found this head of others; until the pull request is read again. */
  readonly branchFound?: ForeignHead;
  /** Commits of others that a person takes into the change, until our commit has replaced them. */
  readonly adoption?: Adoption;
  /** A head of others that a person gave up, until our commit has replaced it. */
  readonly dropped?: string;
  /** The evidence that is shown on its commit, if the policy wants that. */
  readonly evidencePublished?: Digest;
  readonly pullRequest?: ObservedPullRequest;
  /**
   * We opened it as a draft. `kept`: nobody has marked it as ready for review. `ended`: we did, and a look that began before
   * may still show the draft. Absent otherwise: a draft is then the wish of a person.
   */
  readonly ownDraft?: 'kept' | 'ended';
  /** The repository refused a draft, so the pull request was opened as ready for review. */
  readonly draftRefused?: true;
  /** The base branch that the pull request still has after the target was changed by a decision; we change it. */
  readonly retargetFrom?: string;
  /** The commit that the text of the pull request describes. */
  readonly described?: string;
  /** Made when the target branch moved below a change that stays as it is. */
  readonly candidate?: Candidate;
  readonly arrival?: Arrival;
  /** The latest review that counted. */
  readonly reviewed?: Reviewed;
  /** The latest head that was handed over to GitHub. */
  readonly handOver?: MergeHandOver;
  /** The latest requested merge, which may have happened, and who approved it. */
  readonly mergeSent?: { readonly head: string; readonly by: Actor };
  readonly merge?: {
    readonly commit: string;
    readonly head: string;
    /** Who judged: the person who merged, or who approved what was merged. Otherwise the account that did it. */
    readonly by: Actor;
    readonly at: number;
    /** The account that merged what `by` approved, if it is no person's. */
    readonly through?: string;
  };
}
