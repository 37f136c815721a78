/** What is believed of one issue: facts only. Stage, hold and the next step are derived from them, never stored. */
import type { AuditTrail } from './audit.ts';
import type { Digest } from './digest.ts';
import type { IssueRef } from './issue-ref.ts';
import type { People } from './state/people.ts';
import type { Publication } from './state/publication.ts';
import type { Reading } from './state/reading.ts';
import type { Release } from './state/release.ts';
import type { Work } from './state/work.ts';
import type { Effect } from './step.ts';

/** Flat, so that a new run of the workflow fills in what an older state did not know of, field by field. */
export interface IssueState extends Reading, Work, Publication, Release, People, Kept {
  readonly issue: IssueRef;
  readonly generation: number;
  /** Epoch milliseconds of the latest event. */
  readonly at: number;
  /** The effect in flight, until its outcome is known. */
  readonly sent?: Effect;
}

/** What upkeep has written: to people, and to the archive. */
export interface Kept {
  /** Upkeep failed for good; nothing is read or shown until something comes in from outside. */
  readonly upkeepStopped: boolean;
  /** The artifact store took no audit records; whatever else failed, they are archived. */
  readonly archiveStopped: boolean;
  readonly projected?: {
    readonly digest: Digest;
    readonly commentId: number;
    readonly labels: readonly string[];
  };
  readonly audit: AuditTrail;
}
