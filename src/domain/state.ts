/** The state of one issue: facts only. Stage, hold and next step are derived from them, never stored. */
import type { AuditTrail } from './audit.ts';
import type { Digest } from './digest.ts';
import type { IssueRef } from './issue-ref.ts';
import type { CallMade } from './state/calls.ts';
import type { Ci } from './state/checks.ts';
import type { Delay } from './state/delays.ts';
import type { People } from './state/people.ts';
import type { Publication } from './state/publication.ts';
import type { Reading } from './state/reading.ts';
import type { Release } from './state/release.ts';
import type { Work } from './state/work.ts';
import type { Effect } from './step.ts';

/** Flat, so that a new workflow run can add fields that an older state does not have. */
export interface IssueState extends Reading, Work, Publication, Ci, Release, People, Kept {
  readonly issue: IssueRef;
  readonly generation: number;
  /** Epoch milliseconds of the latest event. */
  readonly at: number;
  /** The effect in flight, until its outcome is known. */
  readonly sent?: Effect;
  /** What keeps failing; at most one for each kind of effect and upkeep. */
  readonly delays?: readonly Delay[];
}

/** What upkeep has written to GitHub and to the archive. */
export interface Kept {
  /** Upkeep failed permanently: nothing is read or shown until an event arrives from outside. */
  readonly upkeepStopped: boolean;
  /** The artifact store rejected audit records. Other upkeep failures do not stop archiving. */
  readonly archiveStopped: boolean;
  readonly projected?: {
    readonly digest: Digest;
    readonly commentId: number;
    readonly labels: readonly string[];
  };
  /** GitHub refused this projection: it is not tried again, and the issue goes on without it. */
  readonly unshown?: { readonly digest: Digest; readonly reason: string };
  /** Calls of people, oldest first. */
  readonly calls?: readonly CallMade[];
  /** How often people did what a hold asked, by its name. */
  readonly answersToHolds?: Readonly<Record<string, number>>;
  readonly audit: AuditTrail;
}
