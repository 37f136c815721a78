/** What follows the merge, or ends a life without one. */

export interface ReleaseFacts {
  readonly onDefaultBranch: boolean;
  readonly deployment: {
    readonly state: 'success' | 'failure' | 'pending';
    readonly containsMerge: boolean;
    /** Where the environment can be looked at; empty when the deployment does not say. */
    readonly url: string;
    /** Epoch milliseconds of that status. */
    readonly since: number;
  } | null;
  readonly probes: readonly { readonly url: string; readonly ok: boolean; readonly found: string }[];
}

export interface Release {
  readonly release?: ReleaseFacts;
  /** Something may have changed out there since `release` was read. */
  readonly releaseDue: boolean;
  /** News came in while the release was being read: what is read now may be older than it. */
  readonly releaseNews?: boolean;
  readonly releaseCheckedAt?: number;
  readonly releaseOwner?: string;
  readonly verifiedAt?: number;
  /** When the report of an analysis or a spike became the result. */
  readonly deliveredAt?: number;
  readonly closedAt?: number;
  readonly claimReleased?: boolean;
}
