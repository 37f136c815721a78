/** What there is to do now: an effect, or whom or what is waited for and until when, or the end. */
import type { Approval } from './state/people.ts';
import type { ChangedFile, Inputs } from './state/work.ts';
import type { Gate } from './decision.ts';
import type { Digest } from './digest.ts';
import type { Mode } from './mode.ts';
import type { AuditRecord } from './audit.ts';
import type { Facet } from './observation.ts';
import type { EndStage } from './stage.ts';
import { canonicalJson } from './canonical-json.ts';

export interface BuildPlan {
  readonly runId: string;
  /** The parent of the commit. */
  readonly base: string;
  /** The commit that the run saw, where the default branch has moved on from it. */
  readonly from?: string;
  readonly manifest: Digest;
  readonly message: string;
  /** Epoch seconds: the commit's author and committer time. */
  readonly when: number;
}

export type Effect =
  | { readonly kind: 'read-policy'; readonly because: string }
  | { readonly kind: 'claim-branch'; readonly branch: string; readonly base: string }
  | {
      readonly kind: 'run-agent';
      readonly runId: string;
      readonly attempt: number;
      readonly mode: Mode;
      readonly inputs: Inputs;
      readonly feedback?: Digest;
      readonly lessons: readonly string[];
      /** What this run may cost: the run's limit or what is left of the issue's, whichever is less. */
      readonly costUsdMax: number;
    }
  | ({ readonly kind: 'build-change' } & BuildPlan)
  | ({
      readonly kind: 'verify-change';
      readonly commit: string;
      readonly files: readonly ChangedFile[];
    } & BuildPlan)
  | { readonly kind: 'assemble-evidence'; readonly runId: string; readonly commit: string }
  | ({
      readonly kind: 'push-commit';
      readonly branch: string;
      readonly commit: string;
      readonly expected: string;
    } & BuildPlan)
  | {
      readonly kind: 'open-pull-request';
      readonly branch: string;
      readonly into: string;
      readonly head: string;
      readonly title: string;
      readonly body: string;
      readonly number?: number;
    }
  | {
      readonly kind: 'merge';
      readonly number: number;
      readonly head: string;
      readonly approval: Approval;
      readonly title: string;
    }
  | { readonly kind: 'check-release'; readonly merge: string; readonly into: string }
  | { readonly kind: 'release-claim'; readonly branch: string; readonly expected: string }
  | { readonly kind: 'close-issue'; readonly reason: 'completed' | 'not_planned' };

export type EffectKind = Effect['kind'];

export type HoldKind = 'gate' | 'escalated' | 'blocked' | 'paused';

/** Who is asked for what; the label of a gate also names the gate. */
export const HOLD_MEANINGS: Readonly<Record<HoldKind, string>> = {
  gate: 'somebody must approve or reject',
  escalated: 'somebody was asked to look',
  blocked: 'something only a person can mend; the mend is named',
  paused: 'somebody asked to stop, or the opt-in is gone',
};

export interface Hold {
  readonly kind: HoldKind;
  /** Which rule pauses it, where no person did. */
  readonly because?: 'not-opted-in';
  readonly gate?: Gate;
  /** What an approval here must name. */
  readonly digest?: Digest;
  /** Who must act: a login or a role, as people would say it. */
  readonly who: string;
  /** What they must do, with the words to type. */
  readonly what: string;
  readonly why: readonly string[];
}

export type WaitFor = 'look' | 'effect' | 'deployment' | 'soak';

export const WAIT_MEANINGS: Readonly<Record<WaitFor, { readonly for: string; readonly until: string }>> = {
  look: { for: 'news that was not read yet', until: 'it was read' },
  effect: {
    for: 'an effect that was called off, and may still turn out to have happened',
    until: 'it has really ended',
  },
  deployment: {
    for: 'what the release still owes',
    until: 'a deployment tells of itself, or 1 to 30 minutes have passed; in the end a hold',
  },
  soak: { for: 'the time a release must stay well', until: '`release.soak` has passed' },
};

export type Step =
  | { readonly kind: 'effect'; readonly effect: Effect }
  | { readonly kind: 'hold'; readonly hold: Hold; readonly until?: number }
  | { readonly kind: 'wait'; readonly for: WaitFor; readonly until?: number }
  | {
      readonly kind: 'end';
      readonly stage: EndStage;
    };

/** What people are to see on GitHub. */
export interface Projection {
  /** All labels of ours that the issue should have; others of ours are removed, foreign ones never touched. */
  readonly labels: readonly string[];
  readonly marker: string;
  readonly comment: string;
}

/** Housekeeping beside the step in flight: reading GitHub, writing the projection, archiving the audit. */
export type Upkeep =
  | { readonly kind: 'look'; readonly facets: readonly Facet[]; readonly mark: number }
  | { readonly kind: 'project'; readonly projection: Projection; readonly digest: Digest }
  | { readonly kind: 'archive-audit'; readonly records: readonly AuditRecord[] };

/** Two effects are the same effect when their whole plans are equal. */
export function isSameEffect(one: Effect, other: Effect): boolean {
  return canonicalJson(one) === canonicalJson(other);
}
