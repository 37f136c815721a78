/** What of the work is on GitHub: the branch, the pull request, the merge. */
import type { Actor } from '../actor.ts';
import type { ObservedPullRequest } from '../observation.ts';

export interface Publication {
  /** The commit of the latest push that was asked for: it may be on the branch even when no answer came. */
  readonly pushSent?: string;
  readonly pushed?: string;
  /** What the branch held before that; a look that is late may still show it. */
  readonly pushedBefore?: string;
  readonly pullRequest?: ObservedPullRequest;
  /** The commit that the text of the pull request speaks of. */
  readonly described?: string;
  /** A merge that was asked for, perhaps made: who approved it, should it turn up as merged. */
  readonly mergeSent?: { readonly head: string; readonly by: Actor };
  readonly merge?: {
    readonly commit: string;
    readonly head: string;
    readonly by: Actor;
    readonly at: number;
  };
}
