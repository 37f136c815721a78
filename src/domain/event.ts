/** Everything that can happen to an issue. Each event is a fact from outside with its time, never a request of a worker. */
import type { Decision } from './decision.ts';
import type { DelayFacts } from './delay.ts';
import type { Digest } from './digest.ts';
import type { ForeignHead } from './foreign-head.ts';
import type { News, Observation, ObservedPullRequest, ThreadMark } from './observation.ts';
import type { Policy } from './policy.ts';
import type { Effect, Upkeep } from './step.ts';
import type { CallKey, Calling } from './state/calls.ts';
import type { AheadBuilt, AheadProof, ChangeBefore } from './state/ahead.ts';
import type { Change, Evidence, Refusal, RunEnd, Verification } from './state/work.ts';
import type { Arrival } from './state/publication.ts';
import type { ReleaseFacts } from './state/release.ts';
import type { RepositoryFacts } from './state/reading.ts';

export type FactEvent =
  | {
      readonly type: 'policy-read';
      readonly policy: Policy;
      readonly repository: RepositoryFacts;
      /** Our own login, if it is a person's account. */
      readonly ownLogin?: string;
      /** Absent in events of older builds. */
      readonly calling?: Calling;
      /** Absent if the scheduler keeps no lines of merges, as in events of older builds. */
      readonly hasLines?: true;
    }
  | { readonly type: 'claimed'; readonly branch: string; readonly base: string }
  | { readonly type: 'run-ended'; readonly runId: string; readonly end: RunEnd }
  | { readonly type: 'change-built'; readonly change: Change }
  | { readonly type: 'change-refused'; readonly runId: string; readonly refusals: readonly Refusal[] }
  /** The target branch changed these files too, so the run's result is based on old content. */
  | {
      readonly type: 'change-outdated';
      readonly runId: string;
      readonly base: string;
      readonly paths: readonly string[];
    }
  | { readonly type: 'verified'; readonly verification: Verification }
  | {
      readonly type: 'candidate-built';
      readonly base: string;
      readonly head: string;
      readonly tree: string;
      readonly patch?: string;
      readonly sameFiles?: readonly string[];
      /** Of the base; absent in facts of older builds. */
      readonly baseTree?: string;
    }
  /** Absent if git cannot merge them. */
  | { readonly type: 'ahead-built'; readonly before: readonly ChangeBefore[]; readonly built?: AheadBuilt }
  | ({ readonly type: 'ahead-verified' } & Omit<AheadProof, 'policy'>)
  /** Git cannot merge the head into the target branch. `paths`: none if the two have no common history. */
  | {
      readonly type: 'merge-conflict';
      readonly runId: string;
      readonly base: string;
      readonly paths: readonly string[];
      /** Of the target branch, on these files: short id and subject, latest first. */
      readonly commits: readonly string[];
    }
  | { readonly type: 'candidate-verified'; readonly verification: Verification }
  | { readonly type: 'evidence-assembled'; readonly evidence: Evidence }
  | { readonly type: 'pushed'; readonly commit: string }
  /** Nothing was pushed: the branch has a head that others left. */
  | { readonly type: 'branch-moved'; readonly found: ForeignHead }
  /** The files of the adopted head, as they differ from `base`, a commit of the target branch. */
  | {
      readonly type: 'commits-adopted';
      readonly runId: string;
      readonly head: string;
      readonly base: string;
      readonly manifest: Digest;
    }
  | { readonly type: 'adoption-refused'; readonly head: string; readonly reason: string }
  /** The files of the change below with these suggestions. */
  | {
      readonly type: 'suggestions-applied';
      readonly runId: string;
      readonly suggestions: readonly Digest[];
      readonly manifest: Digest;
    }
  /** They cannot be applied as they are written. */
  | {
      readonly type: 'suggestions-refused';
      readonly suggestions: readonly Digest[];
      readonly reason: string;
    }
  | { readonly type: 'evidence-published'; readonly digest: Digest }
  | {
      readonly type: 'pull-request-opened';
      readonly pullRequest: ObservedPullRequest;
      /** A draft was asked for: we opened it as one, or the repository has no drafts. */
      readonly draft?: 'opened' | 'refused';
    }
  /** The pull request is no draft any more. */
  | { readonly type: 'marked-ready'; readonly head: string }
  /** A failed check runs again, or the problem says why it cannot. */
  | {
      readonly type: 'check-rerun';
      readonly head: string;
      readonly name: string;
      readonly attempt: string;
      readonly problem?: string;
    }
  /** The line of merges got our request. */
  | { readonly type: 'line-joined'; readonly id: string; readonly head: string; readonly target: string }
  | { readonly type: 'merged'; readonly commit: string; readonly head: string }
  | { readonly type: 'handed-over'; readonly head: string; readonly position?: number }
  /** Auto-merge has nothing to wait for: GitHub can merge this head at once. */
  | { readonly type: 'hand-over-needless'; readonly head: string }
  /** GitHub does not have it any more; it may have merged it before. */
  | { readonly type: 'taken-back'; readonly head: string }
  | { readonly type: 'arrived'; readonly arrival: Arrival }
  | { readonly type: 'release-checked'; readonly release: ReleaseFacts }
  | { readonly type: 'issue-closed' }
  | { readonly type: 'claim-released' }
  | {
      readonly type: 'projected';
      readonly digest: Digest;
      readonly commentId: number;
      readonly labels: readonly string[];
    }
  | { readonly type: 'replied'; readonly commentIds: readonly number[] }
  | {
      readonly type: 'threads-answered';
      readonly threads: readonly ThreadMark[];
      /** Why threads were not resolved. */
      readonly problem?: string;
    }
  | {
      readonly type: 'called';
      readonly call: CallKey;
      /** Mentions; empty if nobody was found. */
      readonly who: readonly string[];
      /** Absent if no comment was written. */
      readonly commentId?: number;
      /** What GitHub refused. */
      readonly problem?: string;
    }
  | { readonly type: 'call-folded'; readonly seq: number }
  /** The webhook took the notice of this call, or the problem says why not. */
  | { readonly type: 'notified'; readonly seq: number; readonly problem?: string }
  | { readonly type: 'audit-archived'; readonly upTo: number; readonly digest: Digest }
  /** The line knows that these places are given up, or there is no line. */
  | { readonly type: 'line-left'; readonly ids: readonly string[] };

export type EventBody =
  | FactEvent
  /** `mark`: the mark of the look that read it. */
  | { readonly type: 'observed'; readonly observation: Observation; readonly mark?: number }
  /** The line says that this place has the turn. */
  | { readonly type: 'turn-given'; readonly id: string }
  /** The line says who is merged before this place. */
  | { readonly type: 'ahead-given'; readonly id: string; readonly before: readonly ChangeBefore[] }
  | ({ readonly type: 'poked' } & News)
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
  /** It may still succeed, but not soon: Temporal's retries are used up, or GitHub named a long wait. */
  | ({ readonly type: 'step-delayed'; readonly effect: Effect } & DelayFacts)
  | ({ readonly type: 'upkeep-delayed'; readonly upkeep: Upkeep['kind'] } & DelayFacts)
  /** A verification was lost with its host; its outcome is unknown. */
  | { readonly type: 'step-lost'; readonly effect: Effect }
  /** Upkeep failed permanently: until a person helps, the scheduler cannot read or publish. */
  | {
      readonly type: 'upkeep-failed';
      readonly upkeep: Upkeep['kind'];
      /** Of the projection that failed. Absent in events of older builds. */
      readonly digest?: Digest;
      /** The call that failed. */
      readonly call?: CallKey;
      /** The number of the call whose comment could not be removed. */
      readonly folded?: number;
      readonly failure: string;
      readonly message: string;
    }
  | { readonly type: 'timer' };

/** `at`: epoch milliseconds, from Temporal's clock. */
export type Event = EventBody & { readonly at: number };
