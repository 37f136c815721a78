/** The records the simulated GitHub keeps in memory. Git objects and refs are in real bare repositories. */

export type Role = 'admin' | 'maintain' | 'write' | 'triage' | 'read' | 'none';
export type AccountType = 'User' | 'Bot' | 'Organization';
export type Json = Record<string, unknown>;

/** Fine-grained permissions, by GitHub's names (issues, contents, pull_requests, …). */
export type Permissions = Readonly<Record<string, 'read' | 'write' | 'admin'>>;

export interface Account {
  readonly id: number;
  readonly login: string;
  readonly type: AccountType;
}

export interface Credential {
  readonly account: Account;
  /** Absent: a classic token, limited only by its owner's role. */
  readonly permissions?: Permissions;
  /** Absent: every repository. Full names. */
  readonly repositories?: readonly string[];
  readonly expiresAtMs?: number;
  /** The app whose installation holds the token; its role follows from its permissions. */
  readonly installation?: boolean;
}

export interface Label {
  readonly id: number;
  name: string;
  color: string;
  description: string | null;
}

export interface Milestone {
  readonly id: number;
  readonly number: number;
  readonly title: string;
  readonly creator: Account;
  readonly createdAt: string;
}

export interface IssueEvent {
  readonly id: number;
  readonly event: string;
  readonly actor: Account;
  readonly createdAt: string;
  readonly label?: { readonly name: string; readonly color: string };
  readonly rename?: { readonly from: string; readonly to: string };
  readonly milestone?: { readonly title: string };
  readonly commitId?: string;
  readonly requestedReviewer?: Account;
}

export interface Comment {
  readonly id: number;
  readonly issueNumber: number;
  readonly user: Account;
  body: string;
  readonly createdAt: string;
  updatedAt: string;
}

export type ReviewState = 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED' | 'PENDING';

export interface Review {
  readonly id: number;
  readonly user: Account;
  readonly body: string;
  state: ReviewState;
  readonly commitId: string | null;
  submittedAt: string;
}

/** A comment on lines of the diff, or on a whole file. */
export interface ReviewComment {
  readonly id: number;
  readonly reviewId: number;
  readonly user: Account;
  readonly body: string;
  readonly path: string;
  readonly subject: 'line' | 'file';
  readonly side: 'LEFT' | 'RIGHT';
  readonly line?: number;
  readonly startLine?: number;
  readonly hunk: string;
  /** The head on which its thread began. */
  readonly commitId: string;
  /** The first comment of its thread; absent for the first one. */
  readonly inReplyTo?: number;
  readonly createdAt: string;
}

export interface Pull {
  readonly id: number;
  readonly headRef: string;
  headSha: string;
  baseRef: string;
  baseSha: string;
  draft: boolean;
  mergedAt: string | null;
  mergedBy: Account | null;
  mergeCommitSha: string | null;
  readonly reviews: Review[];
  readonly lineComments: ReviewComment[];
  /** Ids of the first comments of resolved threads, with who resolved each. */
  readonly resolvedThreads: Map<number, Account>;
  readonly requestedReviewers: Account[];
  /** In the merge queue of its base. */
  queued?: { readonly actor: Account; readonly position: number };
  autoMerge?: {
    readonly actor: Account;
    readonly enabledAt: string;
    readonly method: MergeMethodName;
    readonly title?: string;
    readonly message?: string;
  };
  /** Why it was last taken out of the queue, or auto-merge was disabled. */
  takenOut?: string;
  /** How many more reads answer `mergeable: null`, as GitHub does while it computes. */
  mergeableNullReads: number;
}

export type Gone =
  | { readonly kind: 'deleted' }
  | { readonly kind: 'transferred'; readonly repositoryId: number; readonly number: number };

export interface Issue {
  readonly id: number;
  readonly number: number;
  title: string;
  body: string | null;
  readonly user: Account;
  labels: Label[];
  milestone?: Milestone;
  assignees: Account[];
  state: 'open' | 'closed';
  stateReason: string | null;
  locked: boolean;
  readonly createdAt: string;
  updatedAt: string;
  closedAt: string | null;
  closedBy: Account | null;
  blockedBy: number;
  readonly events: IssueEvent[];
  /** When the body was edited. */
  readonly bodyEdits: string[];
  readonly pull?: Pull;
  gone?: Gone;
}

export type StatusState = 'error' | 'failure' | 'pending' | 'success';

export interface CommitStatus {
  readonly id: number;
  readonly sha: string;
  readonly state: StatusState;
  readonly context: string;
  readonly description: string | null;
  readonly targetUrl: string | null;
  readonly creator: Account;
  readonly createdAt: string;
}

export interface Annotation {
  readonly path: string;
  readonly line: number;
  readonly title?: string;
  readonly message: string;
}

export interface CheckRun {
  readonly id: number;
  readonly sha: string;
  /** The branch of its suite. */
  readonly branch: string | null;
  readonly name: string;
  readonly status: 'queued' | 'in_progress' | 'completed';
  readonly conclusion: string | null;
  readonly startedAt: string;
  readonly completedAt: string | null;
  readonly summary: string | null;
  readonly externalId: string;
  readonly title: string | null;
  readonly detailsUrl: string | null;
  /** The slug of its App. */
  readonly app: string;
  readonly annotations: readonly Annotation[];
  /** Of a job. */
  readonly log?: Buffer;
}

export interface DeploymentStatus {
  readonly id: number;
  readonly state: string;
  readonly description: string;
  readonly environmentUrl: string;
  readonly logUrl: string;
  readonly creator: Account;
  readonly createdAt: string;
}

export interface Deployment {
  readonly id: number;
  readonly sha: string;
  readonly ref: string;
  readonly task: string;
  readonly environment: string;
  readonly description: string | null;
  readonly payload: unknown;
  readonly creator: Account;
  readonly createdAt: string;
  readonly statuses: DeploymentStatus[];
}

export interface Release {
  readonly id: number;
  readonly tagName: string;
  readonly target: string;
  readonly name: string | null;
  readonly body: string | null;
  readonly draft: boolean;
  readonly prerelease: boolean;
  readonly author: Account;
  readonly createdAt: string;
}

/** Stands for every branch in `Repository.protections`, as in the conditions of a ruleset. */
export const ALL_BRANCHES = '~ALL';

/** What rules require of one branch, or of all. */
export interface Protection {
  readonly requiredApprovals?: number;
  readonly requiredChecks?: readonly string[];
  /** The slug of the only App whose reports of the required checks count. */
  readonly checksBy?: string;
  /** Pushing straight to the branch is refused (GH006). */
  readonly refusePush?: boolean;
  /** Each new commit needs a signature by a key of the account whose e-mail the committer has. */
  readonly requiredSignatures?: boolean;
  readonly restrictCreations?: boolean;
  readonly linearHistory?: boolean;
  readonly mergeQueue?: boolean;
  readonly mergeMethods?: readonly MergeMethodName[];
  readonly restrictUpdates?: boolean;
  /** All conversations of a pull request must be resolved. */
  readonly threadsResolved?: boolean;
  /** Shown as a rule; not enforced. */
  readonly codeOwners?: boolean;
  /** Environments; shown as a rule and not enforced. */
  readonly requiredDeployments?: readonly string[];
  /** Shown as a rule; not enforced. */
  readonly commitMessagePattern?: string;
  /** A refusal of every push in GitHub's words, line by line. */
  readonly refusedSaying?: readonly string[];
  /** Branch protection of the older kind: not listed among the rules, and readable by administrators only. */
  readonly classic?: boolean;
  /** Every reader of the ruleset is told that it may bypass it; the rules are still enforced. */
  readonly bypassed?: boolean;
}

export type MergeMethodName = 'merge' | 'squash' | 'rebase';

/** An SSH key that signs commits; public, in OpenSSH's form. */
export interface SigningKey {
  readonly id: number;
  readonly title: string;
  readonly key: string;
  /** A verified address of the account besides the one that GitHub gives it. */
  readonly email?: string;
  readonly createdAt: string;
}

export interface Repository {
  readonly id: number;
  readonly owner: Account;
  name: string;
  readonly private: boolean;
  archived: boolean;
  readonly description: string | null;
  readonly defaultBranch: string;
  /** Absolute path of the bare repository. */
  readonly dir: string;
  readonly roles: Map<string, Role>;
  readonly labels: Map<string, Label>;
  readonly milestones: Milestone[];
  readonly issues: Map<number, Issue>;
  readonly comments: Map<number, Comment>;
  readonly statuses: CommitStatus[];
  readonly checkRuns: CheckRun[];
  readonly deployments: Deployment[];
  readonly releases: Release[];
  readonly protections: Map<string, Protection>;
  readonly formerNames: Set<string>;
  mergeMethods: readonly MergeMethodName[];
  allowAutoMerge: boolean;
  /** The plan has draft pull requests. */
  hasDrafts: boolean;
  readonly createdAt: string;
  pushedAt: string;
}
