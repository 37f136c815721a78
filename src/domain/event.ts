/** Everything that can happen to an issue. Each event is a fact from outside with its time, never a request of a worker. */
import type { Decision } from './decision.ts';
import type { Digest } from './digest.ts';
import type { Facet, Observation, ObservedPullRequest } from './observation.ts';
import type { Policy } from './policy.ts';
import type { Effect, Upkeep } from './step.ts';
import type { Change, Evidence, Refusal, RunEnd, Verification } from './state/work.ts';
import type { ReleaseFacts } from './state/release.ts';
import type { RepositoryFacts } from './state/reading.ts';

export type FactEvent =
  | { readonly type: 'policy-read'; readonly policy: Policy; readonly repository: RepositoryFacts }
  | { readonly type: 'claimed'; readonly branch: string; readonly base: string }
  | { readonly type: 'run-ended'; readonly runId: string; readonly end: RunEnd }
  | { readonly type: 'change-built'; readonly change: Change }
  | { readonly type: 'change-refused'; readonly runId: string; readonly refusals: readonly Refusal[] }
  /** The default branch changed these files too, so the run's result is based on old content. */
  | {
      readonly type: 'change-outdated';
      readonly runId: string;
      readonly base: string;
      readonly paths: readonly string[];
    }
  | { readonly type: 'verified'; readonly verification: Verification }
  | { readonly type: 'evidence-assembled'; readonly evidence: Evidence }
  | { readonly type: 'pushed'; readonly commit: string }
  | { readonly type: 'pull-request-opened'; readonly pullRequest: ObservedPullRequest }
  | { readonly type: 'merged'; readonly commit: string; readonly head: string }
  | { readonly type: 'release-checked'; readonly release: ReleaseFacts }
  | { readonly type: 'issue-closed' }
  | { readonly type: 'claim-released' }
  | {
      readonly type: 'projected';
      readonly digest: Digest;
      readonly commentId: number;
      readonly labels: readonly string[];
    }
  | { readonly type: 'audit-archived'; readonly upTo: number; readonly digest: Digest };

export type EventBody =
  | FactEvent
  /** `mark`: the mark of the look that read it. */
  | { readonly type: 'observed'; readonly observation: Observation; readonly mark?: number }
  | { readonly type: 'poked'; readonly facets: readonly Facet[] }
  | { readonly type: 'decision'; readonly decision: Decision }
  | { readonly type: 'step-started'; readonly effect: Effect }
  | {
      readonly type: 'step-failed';
      readonly effect: Effect;
      readonly failure: string;
      readonly message: string;
    }
  /** An effect was cancelled because the step changed. It has ended and produced no fact. */
  | { readonly type: 'step-cancelled'; readonly effect: Effect }
  /** A verification was lost with its host; its outcome is unknown. */
  | { readonly type: 'step-lost'; readonly effect: Effect }
  /** Upkeep failed permanently: until a person helps, the scheduler cannot read or publish. */
  | {
      readonly type: 'upkeep-failed';
      readonly upkeep: Upkeep['kind'];
      /** Of the projection that failed. Absent in events of older builds. */
      readonly digest?: Digest;
      readonly failure: string;
      readonly message: string;
    }
  | { readonly type: 'timer' };

/** `at`: epoch milliseconds, from Temporal's clock. */
export type Event = EventBody & { readonly at: number };
