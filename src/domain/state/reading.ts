/** What was read from GitHub, and which parts must be read again. */
import type { RequiredCheck } from '../check-report.ts';
import type { Facet, LinesRead, ObservedIssue, ThreadRead } from '../observation.ts';
import type { MergeMethod, Policy } from '../policy.ts';
import type { Calling } from './calls.ts';

/** The repository and its default branch when the policy was read. */
export interface RepositoryFacts {
  /** Stays the same over renames and transfers. */
  readonly id: number;
  readonly defaultBranch: string;
  readonly head: string;
  readonly cloneUrl: string;
  readonly url: string;
  /** Rules apply to the default branch. */
  readonly isProtected?: true;
  /** The checks that its branch protection requires; those of rulesets are read with the checks. */
  readonly requiredChecks?: readonly RequiredCheck[];
  /** How pull requests may be merged; absent: in every way, or GitHub does not tell. */
  readonly mergeMethods?: readonly MergeMethod[];
  /** Absent: the default branch. */
  readonly target?: TargetFacts;
}

/** The target branch of the issue when the policy was read. */
export interface TargetFacts {
  readonly branch: string;
  /** Of a branch that is missing now, the last one seen; absent if it was never seen. */
  readonly head?: string;
  readonly isMissing?: true;
  readonly isProtected?: true;
  readonly requiredChecks?: readonly RequiredCheck[];
}

export interface Reading {
  readonly repository?: RepositoryFacts;
  readonly policy?: Policy;
  readonly policyReadAt?: number;
  readonly calling?: Calling;
  /** The scheduler keeps lines of merges. Absent: it did not when the policy was read, as in all older states. */
  readonly hasLines?: true;
  /** A person asked for a retry: the policy is read again before anything else. */
  readonly policyDue: boolean;
  /** When a missing target branch was last looked for in vain. */
  readonly targetSoughtAt?: number;
  readonly subject?: ObservedIssue;
  readonly gone?: 'transferred' | 'deleted' | 'not-found';
  /** The facets to read, each with the mark of its latest news. */
  readonly due: Readonly<Partial<Record<Facet, number>>>;
  /** Counts news, so that news during a look does not count as read by it. */
  readonly mark: number;
  readonly commentsReadTo: number;
  /** The list of comments was long: only those since then are read. */
  readonly commentsSince?: string;
  /** An edit after that time, by GitHub's clock, was not read. */
  readonly commentEditsReadTo?: string;
  /** Absent until the pull request has comments. */
  readonly pullCommentsRead?: ThreadRead;
  /** Absent until the pull request has comments on lines. */
  readonly linesRead?: LinesRead;
  /** The account that Signalbox runs as, if it is a person's. */
  readonly ownLogin?: string;
  /** The id of our status comment, `null` if there is none; absent until the comments are read. */
  readonly statusComment?: number | null;
  /** The latest known act on the issue; a later one may start the next generation. */
  readonly actsReadTo: number;
  /** Reviews up to this id are not read again. It stays below approvals that count, because they can be dismissed. */
  readonly reviewsSeen: number;
  /** Reviews above that id that were already judged, and the latest ones below it. */
  readonly reviewsJudged: readonly number[];
  /** When the latest judged review was submitted, by GitHub's clock. Absent until then, and in older states. */
  readonly reviewsReadTo?: number;
}
