/** What was read of GitHub, and which parts of it are to be read again. */
import type { Facet, ObservedIssue } from '../observation.ts';
import type { Policy } from '../policy.ts';

/** The default branch as it was when the policy was read. */
export interface RepositoryFacts {
  /** Stays the same over renames and transfers. */
  readonly id: number;
  readonly defaultBranch: string;
  readonly head: string;
  readonly cloneUrl: string;
  readonly url: string;
}

export interface Reading {
  readonly repository?: RepositoryFacts;
  readonly policy?: Policy;
  readonly policyReadAt?: number;
  /** A person said that something was mended: the policy is read again before anything else. */
  readonly policyDue: boolean;
  readonly subject?: ObservedIssue;
  readonly gone?: 'transferred' | 'deleted' | 'not-found';
  /** What is to be read, each with the mark of the latest news about it. */
  readonly due: Readonly<Partial<Record<Facet, number>>>;
  /** Counts news, so that what comes in during a look is not taken as read by it. */
  readonly mark: number;
  readonly commentsReadTo: number;
  /** Our status comment as it was last seen; absent until the comments were read. */
  readonly statusComment?: number | null;
  /** The latest act on the issue that this life knows; a later one may begin the next generation. */
  readonly actsReadTo: number;
  /** Reviews up to this id need not be read again: an approval that counts is, since it can be dismissed. */
  readonly reviewsSeen: number;
  /** Reviews above it that were judged already. */
  readonly reviewsJudged: readonly number[];
}
