/** The part of the work that is on GitHub: the branch, the pull request, the merge. */
import type { Actor } from '../actor.ts';
import type { ObservedPullRequest } from '../observation.ts';

export interface Publication {
  /** The commit of the latest requested push. It may be on the branch even if no result arrived. */
  readonly pushSent?: string;
  readonly pushed?: string;
  /** The previous head of the branch; a late look may still show it. */
  readonly pushedBefore?: string;
  readonly pullRequest?: ObservedPullRequest;
  /** The commit that the text of the pull request describes. */
  readonly described?: string;
  /** The latest requested merge, which may have happened, and who approved it. */
  readonly mergeSent?: { readonly head: string; readonly by: Actor };
  readonly merge?: {
    readonly commit: string;
    readonly head: string;
    readonly by: Actor;
    readonly at: number;
  };
}
