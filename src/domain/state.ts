/** What is believed of one issue: facts only. Stage, hold and the next step are derived from them, never stored. */
import type { AuditTrail } from './audit.ts';
import type { Actor } from './actor.ts';
import type { Bound } from './bound.ts';
import type { RecordedBox } from './box-facts.ts';
import type { DecisionAnswer, Gate } from './decision.ts';
import type { Digest } from './digest.ts';
import type { Ending } from './ending.ts';
import type { IssueRef } from './issue-ref.ts';
import type { Mode } from './mode.ts';
import type { Facet, ObservedIssue, ObservedPullRequest } from './observation.ts';
import type { Policy } from './policy.ts';
import type { Risk, RiskJudgement } from './risk.ts';
import type { Effect } from './step.ts';

/** The default branch as it was when the policy was read. */
export interface RepositoryFacts {
  /** Stays the same over renames and transfers. */
  readonly id: number;
  readonly defaultBranch: string;
  readonly head: string;
  readonly cloneUrl: string;
  readonly url: string;
}

/** What a run, a change and an approval were made for; anything newer voids them. */
export interface Inputs {
  readonly subject: Digest;
  readonly policy: Digest;
  readonly base: string;
}

export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd: number;
}

export interface RunFacts {
  readonly runId: string;
  readonly attempt: number;
  readonly mode: Mode;
  readonly inputs: Inputs;
  readonly feedback?: Digest;
  readonly startedAt: number;
  /** What it was allowed to cost: set aside until it is known what it did cost. */
  readonly costUsdMax?: number;
  readonly end?: RunEnd;
}

export interface RunEnd {
  readonly ending: Ending;
  readonly endedAt: number;
  /** One line for people: what happened, in words of ours or of the report. */
  readonly summary: string;
  readonly usage: Usage;
  /** What the agent reports to people, in its words; kept where a report is the result. */
  readonly account?: string;
  /** In the artifact store: the report, the change manifest, the transcript. */
  readonly report?: Digest;
  readonly manifest?: Digest;
  readonly transcript?: Digest;
  /** The exact prompt that it was given. */
  readonly prompt?: Digest;
  /** What the agent's own events say of the commands it ran. */
  readonly commands?: Digest;
  readonly raisedRisk?: Risk;
  /** Which box held the run. */
  readonly box?: RecordedBox;
  /** Host and archive of what the agent left, or why it was not kept; absent when the policy did not ask for it. */
  readonly keptWorkspace?: string;
}

export interface ChangedFile {
  readonly path: string;
  readonly status: 'added' | 'modified' | 'deleted';
}

export interface Change {
  readonly runId: string;
  /** The parent of the commit; absent where it is the run's own base. */
  readonly base?: string;
  readonly commit: string;
  readonly tree: string;
  readonly files: readonly ChangedFile[];
  readonly protectedPaths: readonly string[];
  /** The unified diff for people, in the artifact store. */
  readonly diff: Digest;
}

export interface Refusal {
  readonly path: string;
  readonly reason: string;
}

export interface CheckResult {
  readonly name: string;
  readonly command: string;
  /** `base`: the changed tests on the base commit, where they must fail. */
  readonly on: 'head' | 'base';
  readonly expected: 'pass' | 'fail';
  readonly passed: boolean;
  /** It came out both ways on the same tree; `passed` is what speaks against the change. */
  readonly flaky?: true;
  readonly exitCode: number | null;
  readonly durationMs: number;
  readonly output: Digest;
}

/** The set-up that lay below the checks. */
export interface SetUpFacts {
  /** Of all that it was given: inputs, commands, hosts, tools. The same key is the same layer. */
  readonly layer: Digest;
  readonly on: 'base' | 'head';
  /** Built for an earlier run, by the same inputs. */
  readonly reused: boolean;
  /** What its commands said, and each connection it made or was refused. */
  readonly output: Digest;
  readonly connections: Digest;
  /** Which box its commands ran in; absent in what was set up before this was kept. */
  readonly box?: RecordedBox;
}

export interface Verification {
  readonly commit: string;
  readonly checks: readonly CheckResult[];
  /** Which box held the checks; absent in verifications of before this was kept. */
  readonly box?: RecordedBox;
  readonly setUp?: SetUpFacts;
  /** What no single check says: a deleted test, a set-up whose inputs the change touches. */
  readonly notes?: readonly string[];
}

export interface Evidence {
  readonly commit: string;
  readonly digest: Digest;
  /** What a reviewer must know before the change is published; empty when all is well. */
  readonly concerns: readonly string[];
  /** What the pull request tells of the bundle. */
  readonly brief?: EvidenceBrief;
}

/** Lists and texts are cut: the whole is in the bundle. Texts of the worker are in its words. */
export interface EvidenceBrief {
  readonly contract: Digest;
  /** Commands that fail on the base and pass on the verified commit. */
  readonly proven: readonly string[];
  readonly skipped: readonly string[];
  readonly remainingRisks: readonly string[];
  readonly stopConditionsMet: readonly string[];
  readonly workerCommands: { readonly ran: number; readonly failed: number };
  readonly owed: readonly string[];
}

export interface Approval {
  readonly gate: Gate;
  readonly digest: Digest;
  /** What the digest is of. */
  readonly bound: Bound;
  readonly by: Actor;
  readonly at: number;
  /** The GitHub review that gave it; dismissing that review takes it back. */
  readonly review?: number;
}

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

/** What a gate once asked people to approve. */
export interface Asked {
  readonly gate: Gate;
  readonly digest: Digest;
  readonly bound: Bound;
}

/** Something only a person can mend; a `retry` clears it. */
export interface Blocked {
  readonly reason: string;
  readonly mend: string;
  readonly since: number;
  /** The step cannot succeed with what there is: a retry sets the run aside. */
  readonly anew?: boolean;
}

export interface IssueState {
  readonly issue: IssueRef;
  readonly generation: number;
  /** Epoch milliseconds of the latest event. */
  readonly at: number;

  readonly repository?: RepositoryFacts;
  readonly policy?: Policy;
  readonly policyReadAt?: number;
  /** A person said that something was mended: the policy is read again before anything else. */
  readonly policyDue: boolean;
  readonly subject?: ObservedIssue;
  readonly gone?: 'transferred' | 'deleted' | 'not-found';
  readonly modeSet?: Mode;
  readonly changeRisk?: RiskJudgement;

  /** The effect in flight, until its outcome is known. */
  readonly sent?: Effect;
  readonly claim?: { readonly branch: string; readonly base: string };
  /** Asked for, perhaps made: given back at the end even when no answer ever came. */
  /** The commit of the latest push that was asked for: it may be on the branch even when no answer came. */
  readonly pushSent?: string;
  readonly claimSent?: { readonly branch: string; readonly base: string };
  /** Where runs start from since a change no longer fitted on a default branch that had moved; absent: the claim's. */
  readonly runBase?: string;
  readonly runs: readonly RunFacts[];
  /** Runs up to this attempt are set aside: a person asked for another. */
  readonly setAsideTo: number;
  readonly feedback?: { readonly reviewId: number; readonly digest: Digest; readonly by: string };
  readonly change?: Change;
  /** Why changes were not taken, for the attempts that follow: people rejected them, or the base moved below them. */
  readonly rejections: readonly { readonly attempt: number; readonly reason: string }[];
  readonly refusals: readonly Refusal[];
  readonly verification?: Verification;
  /** Verifications of the present change that were lost with their host. */
  readonly verificationsLost: number;
  readonly evidence?: Evidence;
  readonly pushed?: string;
  /** What the branch held before that; a look that is late may still show it. */
  readonly pushedBefore?: string;
  readonly pullRequest?: ObservedPullRequest;
  /** The commit that the text of the pull request speaks of. */
  readonly described?: string;
  /** A merge that was asked for, perhaps made: who approved it, should it turn up as merged. */
  readonly mergeSent?: { readonly head: string; readonly by: Actor };
  readonly merge?: {
    readonly commit: string;
    readonly head: string;
    readonly by: Actor;
    readonly at: number;
  };
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

  readonly approvals: readonly Approval[];
  /** The latest of them last, so that whoever names an older digest is told what changed since. */
  readonly asked?: readonly Asked[];
  readonly cancelled?: { readonly by: Actor; readonly reason: string };
  readonly paused?: { readonly by: Actor; readonly reason: string };
  readonly escalated?: { readonly by: Actor; readonly reason: string; readonly to: string };
  readonly blocked?: Blocked;
  /** Since when the present hold stands, and how far its ladder has climbed. */
  readonly held?: { readonly name: string; readonly since: number; readonly rung: Rung };
  /** The latest decision that was not taken, for the person who sent it. */
  readonly refusedDecision?: { readonly by: string; readonly kind: string; readonly why: string };

  /** What is to be read, each with the mark of the latest news about it. */
  readonly due: Readonly<Partial<Record<Facet, number>>>;
  /** Counts news, so that what comes in during a look is not taken as read by it. */
  readonly mark: number;
  /** Upkeep failed for good; nothing is read or shown until something comes in from outside. */
  readonly upkeepStopped: boolean;
  /** The artifact store took no audit records; whatever else failed, they are archived. */
  readonly archiveStopped: boolean;
  readonly commentsReadTo: number;
  /** Our status comment as it was last seen; absent until the comments were read. */
  readonly statusComment?: number | null;
  /** The latest act on the issue that this life knows; a later one may begin the next generation. */
  readonly actsReadTo: number;
  readonly decisionsSeen: readonly string[];
  /** What became of the latest of them; absent in lives that have none since this is kept. */
  readonly answers?: readonly DecisionAnswer[];
  /** Reviews up to this id need not be read again: an approval that counts is, since it can be dismissed. */
  readonly reviewsSeen: number;
  /** Reviews above it that were judged already. */
  readonly reviewsJudged: readonly number[];
  readonly projected?: {
    readonly digest: Digest;
    readonly commentId: number;
    readonly labels: readonly string[];
  };
  readonly audit: AuditTrail;
}

export const RUNGS = ['fresh', 'reminded', 'escalated', 'parked'] as const;
export type Rung = (typeof RUNGS)[number];
