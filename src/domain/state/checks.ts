/** What CI reported on the head of the pull request, and what was done about it. */
import type { Digest } from '../digest.ts';
import type { ObservedChecks } from '../check-report.ts';

/** The latest reading of the checks of one head. */
export interface ChecksRead extends ObservedChecks {
  /** Epoch milliseconds of the first reading of this head: the patience counts from then. */
  readonly since: number;
  readonly readAt: number;
  /** How often the checks of this head were read. */
  readonly times: number;
}

/** A required check of one head that was asked to run again. Happens once for each name and head. */
export interface CheckRerun {
  readonly head: string;
  readonly name: string;
  /** The failed attempt; another one shows that it ran again. */
  readonly attempt: string;
  readonly at: number;
  /** Why it could not be asked for. */
  readonly problem?: string;
}

export interface CiFailure {
  readonly name: string;
  /** GitHub's word for how it ended. */
  readonly detail: string;
  /** Summary, annotations and the end of the log, in the artifact store. */
  readonly output?: Digest;
}

export interface Ci {
  readonly checks?: ChecksRead;
  /** Of the latest head that had any. */
  readonly reruns?: readonly CheckRerun[];
  /** A person lets the agent try to fix, on this head, what fails on the base too. */
  readonly brokenTaken?: string;
  /** Runs up to this attempt failed in CI. They count as attempts, other than runs that a person set aside. */
  readonly failedInCi?: {
    readonly attempt: number;
    readonly head: string;
    /** Input of later attempts; empty once a head has passed. */
    readonly checks: readonly CiFailure[];
  };
}
