/** The result of one look at GitHub. Facets that were not read are absent; things that do not exist are `null`. */
import type { ObservedChecks } from './check-report.ts';
import type { DecisionRequest } from './decision.ts';
import type { Digest } from './digest.ts';
import type { ForeignHead } from './foreign-head.ts';
import type { Mode } from './mode.ts';
import type { OtherText } from './other-text.ts';
import type { Role } from './policy.ts';
import type { Risk } from './risk.ts';
import type { SuggestionProblem } from './suggestion.ts';

export const FACETS = ['issue', 'comments', 'pull-request', 'branch', 'deployments', 'checks'] as const;
/** A part of GitHub's record of an issue that can be read separately. */
export type Facet = (typeof FACETS)[number];

/** Where something may have changed. Without a branch or a pull request, it may be anywhere. */
export interface News {
  readonly facets: readonly Facet[];
  /** The branch that the news is of. */
  readonly branch?: string;
  /** The number of the pull request that the news is of. */
  readonly pull?: number;
}

/** Only a readable role counts; an error never grants permission. */
export type RoleReading =
  { readonly kind: 'role'; readonly role: Role } | { readonly kind: 'unreadable'; readonly why: string };

export interface Account {
  readonly login: string;
  readonly type: 'User' | 'Bot' | 'other';
}

export interface EventsRead {
  readonly id: number;
  /** The opt-in label that was looked for. */
  readonly label: string;
}

/** How often the title and the body were edited. A text that was edited and restored is another edition. */
export interface TextEdits {
  readonly count: number;
  /** The latest edit, by GitHub's clock, in epoch milliseconds. */
  readonly lastAt?: number;
}

/** The issue as a run would see it. The complete snapshot is in the artifact store under `digest`. */
export interface ObservedIssue {
  readonly digest: Digest;
  readonly title: string;
  readonly url: string;
  readonly author: string;
  readonly state: 'open' | 'closed';
  /** Absent while it is open, for a deleted account, and in older readings. */
  readonly closedBy?: Account;
  readonly labels: readonly string[];
  /** The title of its milestone, if it has one. */
  readonly milestone?: string;
  readonly contract: {
    readonly missing: readonly string[];
    readonly unclear: readonly string[];
    /** Why the text was not read: it is longer than what is read of one issue. */
    readonly unread?: string;
    readonly mode?: Mode;
    readonly declaredRisk?: Risk;
    /** Text that belongs to no field. Absent without one, and in older readings. */
    readonly other?: OtherText;
    /** The risk that the policy assigns to words in the title and body. */
    readonly wordRisk: { readonly level: Risk; readonly reasons: readonly string[] };
  };
  /** The latest event that opted in or reopened the issue, if the label is set. */
  readonly lastAct?: number;
  /** The newest event of any kind: of a long list, the next look for the same label reads only what follows. */
  readonly eventsReadTo?: EventsRead;
  /** GitHub's record of the edits of the text. Read with an approval only; absent otherwise. */
  readonly edits?: TextEdits;
  /** The latest change of the issue, by GitHub's clock, in epoch milliseconds; absent in older readings. */
  readonly updatedAt?: number;
  /**
   * Drawn for this reading. What an approval is bound to contains the secret of the reading that first saw the text as it
   * is, so whoever writes the text cannot know the digest that the gate will show. Absent in older readings.
   */
  readonly secret?: string;
  /** Who added the opt-in label, if it is set. */
  readonly optIn: { readonly by: Account; readonly role: RoleReading } | null;
}

export type IssueReading = ObservedIssue | { readonly gone: 'transferred' | 'deleted' | 'not-found' };

/** A command in a comment, by a person or a bot; the rules decide whether it counts. */
export interface ObservedCommand {
  readonly commentId: number;
  /** Counts the commands of the comment, from 0; absent for 0. */
  readonly position?: number;
  readonly author: Account;
  readonly role: RoleReading;
  readonly edited: boolean;
  readonly request: DecisionRequest;
  /** Why its words are not exactly a command. */
  readonly unclear?: string;
  /** It is only near a command. */
  readonly near?: true;
  /** The comment was read before, and edited since. */
  readonly editedLater?: true;
  /** Written with the account that Signalbox runs as. */
  readonly own?: true;
  /** The number of the issue or pull request. Absent in older readings: nobody is waiting for an answer to them. */
  readonly thread?: number;
}

/** How far the comments of a pull request are read. */
export interface ThreadRead {
  readonly lastId: number;
  /** What GitHub said of the pull request then: while it says the same, its comments are the same. */
  readonly count: number;
  readonly updatedAt: string;
}

/** How far the comments on lines of the diff are read. One can be written early and submitted late, so ids have no order. */
export interface LinesRead {
  /** What GitHub said of the pull request then: while it says the same, they are the same. */
  readonly count: number;
  readonly updatedAt: string;
  /** The latest ones that were read. With LINES_KNOWN_MAX of them, all before the first one are known too. */
  readonly ids: readonly number[];
}

/** A thread on lines of the diff or on a file, and the latest comment in it of one review. */
export interface ThreadMark {
  /** The id of its first comment. */
  readonly thread: number;
  readonly comment: number;
}

/** What a review says on lines of the diff, as far as it was not read before. */
export interface ObservedLines {
  /** Its words with path, lines and diff hunk, in the artifact store. */
  readonly words: Digest;
  readonly threads: readonly ThreadMark[];
  /** Its comments. `words` and `threads` have the first ones. */
  readonly total: number;
  /** What its suggestions are, or why they are left to the agent. Absent without suggestions, and unless the policy asks. */
  readonly suggested?: Suggested | SuggestionProblem;
}

/** Suggestions of one review that can be applied as they are written. */
export interface Suggested {
  /** In the artifact store. */
  readonly edits: Digest;
  readonly count: number;
  /** On which they were written. */
  readonly commit: string;
  /** GitHub's number of the account of their author, if it is known. */
  readonly authorId?: number;
}

export interface ObservedReview {
  readonly reviewId: number;
  readonly author: Account;
  readonly role: RoleReading;
  readonly state: 'approved' | 'changes-requested' | 'dismissed' | 'commented';
  readonly commit: string | null;
  /** By GitHub's clock, in epoch milliseconds; absent in older readings. */
  readonly submittedAt?: number;
  /** The review's text, in the artifact store. */
  readonly body: Digest;
  /** The text is empty. */
  readonly empty?: true;
  readonly lines?: ObservedLines;
}

export interface ObservedPullRequest {
  readonly number: number;
  readonly url: string;
  readonly state: 'open' | 'closed';
  readonly draft: boolean;
  readonly head: string;
  readonly base: string;
  readonly merged: {
    readonly commit: string;
    readonly by: string;
    /** Absent in older readings. */
    readonly type?: Account['type'];
    /** By GitHub's clock, in epoch milliseconds; absent in older readings. */
    readonly at?: number;
  } | null;
  readonly mergeable: boolean | null;
  /** Nothing can be written in its repository. */
  readonly readOnly?: 'archived' | 'disabled';
  /** Read where a rule of the target branch wants all conversations to be resolved. */
  readonly unresolvedThreads?: number;
  /** Read while GitHub has it to merge: its place in the queue, or why GitHub gave it back. */
  readonly handedOver?: { readonly position?: number; readonly returned?: string };
  /** Read when the head is one that we did not leave. */
  readonly foreign?: ForeignHead;
  readonly reviews: readonly ObservedReview[];
}

export interface Observation {
  readonly facets: readonly Facet[];
  readonly issue?: IssueReading;
  readonly comments?: {
    readonly commands: readonly ObservedCommand[];
    readonly lastId: number;
    /** There are newer comments, which were not read: their commands are more than one look takes. */
    readonly more?: true;
    /** After a long list: the next look reads only comments since then. */
    readonly since?: string;
    /** The time of the latest comment or edit, by GitHub's clock. Absent in older readings. */
    readonly editsReadTo?: string;
    /** The id of our status comment of this generation. */
    readonly status: number | null;
  };
  readonly pullRequest?: ObservedPullRequest | null;
  /** The comments of the pull request, if they may have changed since they were read. */
  readonly pullComments?: {
    readonly commands: readonly ObservedCommand[];
    readonly more?: true;
    readonly readTo: ThreadRead;
  };
  /** The comments on lines were read: they are in their reviews. */
  readonly lines?: {
    readonly readTo: LinesRead;
    /** There are others, which were not read: they are of more reviews than one look takes. */
    readonly more?: true;
  };
  /** What CI reported on the head, if anything can be required. */
  readonly checks?: ObservedChecks;
  /** The head of the claim branch. */
  readonly branch?: { readonly commit: string } | null;
  /** A target branch that was missing; `null` if it still is. */
  readonly target?: { readonly branch: string; readonly head: string | null };
}
