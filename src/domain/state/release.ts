/** Facts after the merge, and of an end without one. */

/** The change is not, or not certainly, in a commit that contains the merge. */
export interface ChangeMissing {
  readonly where: 'default-branch' | 'deployment';
  readonly commit: string;
  /** `gone`: files are as before the change. `unclear`: its lines were changed again, or cannot be compared. */
  readonly how: 'gone' | 'unclear';
  /** The first files, by name. */
  readonly paths: readonly string[];
  readonly pathsInAll: number;
}

export interface ReleaseFacts {
  /** Of an issue with another target branch: on that branch. */
  readonly onDefaultBranch: boolean;
  readonly deployment: {
    readonly state: 'success' | 'failure' | 'pending';
    readonly containsMerge: boolean;
    /** The URL of the environment; empty when the deployment has none. */
    readonly url: string;
    /** Epoch milliseconds of that status. */
    readonly since: number;
  } | null;
  /** Ancestry is not content: a revert keeps it. Absent while the change is there. */
  readonly missing?: readonly ChangeMissing[];
  readonly probes: readonly { readonly url: string; readonly ok: boolean; readonly found: string }[];
}

export interface Release {
  readonly release?: ReleaseFacts;
  /** The release may have changed since `release` was read. */
  readonly releaseDue: boolean;
  /** News arrived while the release was being read, so the result may be older than the news. */
  readonly releaseNews?: boolean;
  readonly releaseCheckedAt?: number;
  readonly releaseOwner?: string;
  readonly verifiedAt?: number;
  /** When the report of an analysis or a spike became the result. */
  readonly deliveredAt?: number;
  readonly closedAt?: number;
  readonly claimReleased?: boolean;
}
