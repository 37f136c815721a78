/** What to do now: an effect, a hold, a wait, or the end. */
import type { AheadEffect } from './ahead-effect.ts';
import type { CallKey } from './state/calls.ts';
import type { CiFailure } from './state/checks.ts';
import type { ChangedFile, Claim, Inputs } from './state/work.ts';
import type { CommitIdentity } from './commit-identity.ts';
import type { Gate } from './decision.ts';
import type { Digest } from './digest.ts';
import type { Callee } from './mention.ts';
import type { Mode } from './mode.ts';
import type { MergeEffect } from './merge-effect.ts';
import type { EvidencePlace } from './policy.ts';
import type { AuditRecord } from './audit.ts';
import type { Facet } from './observation.ts';
import type { ThreadAnswer } from './thread-plan.ts';
import type { EndStage } from './stage.ts';
import type { WaitFor } from './wait.ts';
import { canonicalJson } from './canonical-json.ts';

export interface BuildPlan {
  readonly runId: string;
  /** The parent of the commit. */
  readonly base: string;
  /** The base of the run, if the target branch has moved since. */
  readonly from?: string;
  readonly manifest: Digest;
  readonly message: string;
  /** Epoch seconds: the commit's author and committer time. */
  readonly when: number;
  /** Of a commit that was built before; absent: the default identity. */
  readonly author?: CommitIdentity;
  /** Of a commit that was built before and signed: who has no key builds the same commit with it. */
  readonly signature?: string;
}

/** A review as the agent gets it. */
export interface ReviewInput {
  readonly by: string;
  readonly body?: Digest;
  /** Its words on lines. */
  readonly lines?: Digest;
  /** Why its suggestions were not applied without the agent. */
  readonly unsuggested?: string;
}

export type Effect =
  /** `target`: the target branch to read with it; absent for the default branch. */
  | { readonly kind: 'read-policy'; readonly because: string; readonly target?: string }
  | ({ readonly kind: 'claim-branch' } & Claim)
  | {
      readonly kind: 'run-agent';
      readonly runId: string;
      readonly attempt: number;
      readonly mode: Mode;
      readonly inputs: Inputs;
      readonly feedback?: Digest;
      /** What reviews said, oldest first; absent if `feedback` is all of it. */
      readonly reviews?: readonly ReviewInput[];
      readonly failedChecks?: readonly CiFailure[];
      readonly lessons: readonly string[];
      /** The run's budget: its own limit or the rest of the budget, whichever is less. */
      readonly costUsdMax: number;
    }
  | {
      readonly kind: 'adopt-commits';
      readonly runId: string;
      readonly attempt: number;
      readonly branch: string;
      readonly head: string;
      /** The commit that we left on the branch. */
      readonly ours: string;
    }
  /** Applies suggestions to the files of a run. */
  | {
      readonly kind: 'apply-suggestions';
      readonly runId: string;
      readonly attempt: number;
      /** Of the run below. */
      readonly manifest: Digest;
      /** Of each review. */
      readonly suggestions: readonly Digest[];
    }
  | ({ readonly kind: 'build-change' } & BuildPlan)
  | ({
      readonly kind: 'verify-change';
      readonly commit: string;
      readonly files: readonly ChangedFile[];
    } & BuildPlan)
  /** The merge of the head into a commit of the target branch. `from`: the parent of the head. */
  | {
      readonly kind: 'build-candidate';
      readonly runId: string;
      readonly base: string;
      readonly head: string;
      readonly from: string;
    }
  | {
      readonly kind: 'verify-candidate';
      readonly runId: string;
      readonly base: string;
      readonly head: string;
      readonly from: string;
      readonly tree: string;
      readonly files: readonly ChangedFile[];
    }
  | AheadEffect
  /** `onto`: of the merge into this commit. */
  | {
      readonly kind: 'assemble-evidence';
      readonly runId: string;
      readonly commit: string;
      readonly onto?: string;
    }
  | ({
      readonly kind: 'push-commit';
      readonly branch: string;
      readonly commit: string;
      readonly expected: string;
      /** The commit that we left on the branch, if `expected` is a head of others. */
      readonly ours?: string;
    } & BuildPlan)
  | ({
      readonly kind: 'publish-evidence';
      readonly commit: string;
      /** Of the evidence. */
      readonly digest: Digest;
      readonly as: EvidencePlace;
      readonly url: string;
    } & EvidenceReport)
  | {
      readonly kind: 'open-pull-request';
      readonly branch: string;
      readonly into: string;
      readonly head: string;
      readonly title: string;
      readonly body: string;
      readonly number?: number;
      /** It is opened as a draft, if the repository has drafts. */
      readonly draft?: true;
      /** The pull request gets this base branch: the target was changed by a decision. */
      readonly retarget?: true;
    }
  /** Marks our own draft as ready for review. */
  | { readonly kind: 'mark-ready'; readonly number: number; readonly head: string }
  /** Asks for a place in the line of merges of the repository. */
  | {
      readonly kind: 'join-line';
      readonly id: string;
      readonly target: string;
      readonly head: string;
      /** Epoch milliseconds. */
      readonly approvedAt: number;
      /** How many places after the turn it may be verified ahead; absent: none. */
      readonly ahead?: number;
    }
  | MergeEffect
  | { readonly kind: 'read-arrival'; readonly merge: string }
  /** Asks GitHub to run a failed check of the head again. */
  | {
      readonly kind: 'rerun-check';
      readonly head: string;
      readonly name: string;
      readonly id: number;
      readonly attempt: string;
      /** The slug of its App. */
      readonly app?: string;
    }
  | { readonly kind: 'check-release'; readonly merge: string; readonly into: string }
  | { readonly kind: 'release-claim'; readonly branch: string; readonly expected: string }
  | { readonly kind: 'close-issue'; readonly reason: 'completed' | 'not_planned' };

/** The evidence as it is shown on its commit. */
export interface EvidenceReport {
  /** `neutral`: the checks are as expected, and there are concerns. */
  readonly conclusion: 'success' | 'neutral' | 'failure';
  readonly title: string;
  /** Markdown. */
  readonly summary: string;
  readonly annotations: readonly EvidenceAnnotation[];
}

export interface EvidenceAnnotation {
  readonly title: string;
  readonly message: string;
}

export type EffectKind = Effect['kind'];

export type HoldKind = 'gate' | 'escalated' | 'blocked' | 'paused' | 'delayed';

/** The meaning of each kind of hold. The label of a gate also names the gate. */
export const HOLD_MEANINGS: Readonly<Record<HoldKind, string>> = {
  gate: 'someone must approve or reject',
  escalated: 'a named person was asked to check',
  blocked: 'only a person can fix it; the hold names the fix',
  paused: 'someone paused it, or the opt-in was removed',
  delayed: 'a step keeps failing and is tried again by itself; the hold says until when',
};

export interface Hold {
  readonly kind: HoldKind;
  /** The rule that caused the pause, if no person did; of a delay, that GitHub named the time and no one must act. */
  readonly because?: 'not-opted-in' | 'limit';
  readonly gate?: Gate;
  /** What an approval here must name. */
  readonly digest?: Digest;
  /** Who must act: a login or a description. */
  readonly who: string;
  /** What they must do, with the command to type. */
  readonly what: string;
  readonly why: readonly string[];
}

export type Step =
  | { readonly kind: 'effect'; readonly effect: Effect }
  | { readonly kind: 'hold'; readonly hold: Hold; readonly until?: number }
  | { readonly kind: 'wait'; readonly for: WaitFor; readonly until?: number }
  | { readonly kind: 'end'; readonly stage: EndStage };

/** What people should see on GitHub. */
export interface Projection {
  /** All Signalbox labels that the issue should have. Its other labels are removed; labels of others are never touched. */
  readonly labels: readonly string[];
  readonly marker: string;
  readonly comment: string;
}

/** An answer to a comment, in its thread. */
export interface Reply {
  readonly commentId: number;
  /** The number of the issue or pull request. */
  readonly thread: number;
  /** Part of the body: finds the answer again. */
  readonly marker: string;
  readonly body: string;
}

/** A new comment that mentions who must act. */
export interface CallPlan extends CallKey {
  /** Part of the body: finds the comment again. */
  readonly marker: string;
  readonly to: readonly Callee[];
  /** If those are nobody in the end. */
  readonly otherwise: readonly Callee[];
  readonly assign: readonly Callee[];
  readonly reviewers: readonly Callee[];
  /** The changed paths, if code owners are among the callees. */
  readonly paths: readonly string[];
  readonly pullRequest?: number;
  /** What they must do, with the command to type, and the first reason. */
  readonly what: string;
  readonly why: string;
  /** The URL of the status comment. */
  readonly status?: string;
}

/** What the operator's webhook is told. */
export interface Notice extends CallKey {
  readonly title: string;
  readonly url: string;
  readonly who: readonly string[];
  readonly what: string;
  readonly why: string;
}

/** Housekeeping alongside the current step: reading GitHub, writing the projection, archiving the audit. */
export type Upkeep =
  | { readonly kind: 'look'; readonly facets: readonly Facet[]; readonly mark: number }
  | { readonly kind: 'reply'; readonly replies: readonly Reply[] }
  | {
      readonly kind: 'answer-threads';
      readonly pullRequest: number;
      readonly answers: readonly ThreadAnswer[];
      /** The answered threads are resolved. */
      readonly resolve?: true;
    }
  | { readonly kind: 'call'; readonly call: CallPlan }
  /** Removes the comment of a call. */
  | { readonly kind: 'fold-call'; readonly seq: number; readonly commentId: number }
  | { readonly kind: 'project'; readonly projection: Projection; readonly digest: Digest }
  | { readonly kind: 'archive-audit'; readonly records: readonly AuditRecord[] }
  /** Gives up places in the line of merges. */
  | { readonly kind: 'leave-line'; readonly ids: readonly string[] };

export const UPKEEP_KINDS = [
  'look',
  'reply',
  'answer-threads',
  'project',
  'call',
  'fold-call',
  'archive-audit',
  'leave-line',
] as const satisfies readonly Upkeep['kind'][];

/** Two effects are the same when all their fields are equal. */
export function isSameEffect(one: Effect, other: Effect): boolean {
  return canonicalJson(one) === canonicalJson(other);
}
