/** Facts after the merge, and of an end without one. */

export interface ReleaseFacts {
  readonly onDefaultBranch: boolean;
  readonly deployment: {
    readonly state: 'success' | 'failure' | 'pending';
    readonly containsMerge: boolean;
    /** The URL of the environment; empty when the deployment has none. */
    readonly url: string;
    /** Epoch milliseconds of that status. */
    readonly since: number;
  } | null;
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
