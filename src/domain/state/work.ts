/** The work on the issue before it is published: the claim, runs, the change, its verification and its evidence. */
import type { Actor } from '../actor.ts';
import type { RecordedBox } from '../box-facts.ts';
import type { CommitIdentity } from '../commit-identity.ts';
import type { Digest } from '../digest.ts';
import type { Ending } from '../ending.ts';
import type { ForeignHead } from '../foreign-head.ts';
import type { Mode } from '../mode.ts';
import type { ObservedLines, Suggested, ThreadMark } from '../observation.ts';
import type { Risk, RiskJudgement } from '../risk.ts';
import type { CiFailure } from './checks.ts';

/** The inputs of a run, a change or an approval. A newer value of any of them makes it void. */
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
  /** What failed in CI and is to be fixed by this run. */
  readonly failedChecks?: readonly CiFailure[];
  readonly startedAt: number;
  /** The budget of the run: reserved until its real cost is known. */
  readonly costUsdMax?: number;
  /** No agent ran: these commits of people on the branch are the result. */
  readonly adopted?: Adopted;
  /** No agent ran: suggestions of these reviews, applied to the change before, are the result. */
  readonly suggested?: { readonly reviews: readonly number[]; readonly count: number };
  /** Whose suggestions are part of the result. */
  readonly suggestedBy?: readonly Suggester[];
  /**
   * No agent ran, and it does not count any more: the branch moved before our push, or the commits or suggestions were
   * refused.
   */
  readonly withdrawn?: true;
  readonly end?: RunEnd;
}

export interface Adopted extends Pick<ForeignHead, 'head' | 'total' | 'commits' | 'authors'> {
  /** Who took them in. */
  readonly by: Actor;
}

export interface Suggester {
  readonly login: string;
  /** GitHub's number of the account, if it is known. */
  readonly id?: number;
}

export interface RunEnd {
  readonly ending: Ending;
  readonly endedAt: number;
  /** One line for people, from the scheduler or from the report. */
  readonly summary: string;
  /** What the agent asks people; absent in older facts. */
  readonly questions?: readonly string[];
  readonly usage: Usage;
  /** How long after the end the model provider accepts no requests, as far as it said. */
  readonly retryAfterMs?: number;
  /** The agent's report to people; kept where the report is the result. */
  readonly account?: string;
  /** In the artifact store: the report, the change manifest, the transcript. */
  readonly report?: Digest;
  readonly manifest?: Digest;
  readonly transcript?: Digest;
  /** The exact prompt of the run. */
  readonly prompt?: Digest;
  /** The commands of the agent, from its own events. */
  readonly commands?: Digest;
  readonly raisedRisk?: Risk;
  /** The box of the run. */
  readonly box?: RecordedBox;
  /** Host and archive of the kept workspace, or why it was not kept. Absent if the policy does not keep it. */
  readonly keptWorkspace?: string;
}

export interface ChangedFile {
  readonly path: string;
  readonly status: 'added' | 'modified' | 'deleted';
}

export interface Change {
  readonly runId: string;
  /** The parent of the commit; absent if it is the run's base. */
  readonly base?: string;
  readonly commit: string;
  readonly tree: string;
  /** Absent: the default identity. */
  readonly author?: CommitIdentity;
  /** Of a signed commit: its `gpgsig` header. */
  readonly signature?: string;
  readonly files: readonly ChangedFile[];
  readonly protectedPaths: readonly string[];
  /** The unified diff for people, in the artifact store. */
  readonly diff: Digest;
  /**
   * Git's patch id of what a reviewer sees. Absent in older facts and for a patch that is too large: then the change is
   * built again when the target branch moves.
   */
  readonly patch?: string;
  /** Earlier commits of the same run, latest last: the same bytes on older bases. */
  readonly earlier?: readonly string[];
}

export interface Refusal {
  readonly path: string;
  readonly reason: string;
}

export interface CheckResult {
  readonly name: string;
  readonly command: string;
  /**
   * `base`: the changed tests on the base commit, where they must fail. `head-with-base-tests`: edited tests as the base has
   * them, on the commit, where they must pass.
   */
  readonly on: 'head' | 'base' | 'head-with-base-tests';
  readonly expected: 'pass' | 'fail';
  readonly passed: boolean;
  /** It passed and failed on the same tree. `passed` then holds the result that counts against the change. */
  readonly flaky?: true;
  readonly exitCode: number | null;
  readonly durationMs: number;
  /** How many tests ran, according to the output. Absent if it does not say so in a known form. */
  readonly tests?: number;
  readonly output: Digest;
}

/** A command of the policy on the base, only to count its tests. */
export type BaseRun = Pick<
  CheckResult,
  'name' | 'command' | 'passed' | 'exitCode' | 'durationMs' | 'tests' | 'output'
>;

/** The set-up used by the checks. */
export interface SetUpFacts {
  /** The key made from inputs, commands, hosts and tools. Equal keys mean the same layer. */
  readonly layer: Digest;
  readonly on: 'base' | 'head';
  /** Built for an earlier run with the same inputs. */
  readonly reused: boolean;
  /** The output of its commands; all its connections, made or refused. */
  readonly output: Digest;
  readonly connections: Digest;
  /** The box of its commands; absent in older facts. */
  readonly box?: RecordedBox;
}

export interface Verification {
  readonly commit: string;
  readonly checks: readonly CheckResult[];
  /** Absent in older facts. */
  readonly baseRuns?: readonly BaseRun[];
  /** The box of the checks; absent in older facts. */
  readonly box?: RecordedBox;
  readonly setUp?: SetUpFacts;
  /** The commit of the target branch into which the commit was merged for the checks. Absent: the commit itself was checked. */
  readonly onto?: string;
  /** Findings that belong to no single check: a deleted test, an edited file that the commands read. */
  readonly notes?: readonly string[];
}

export interface Evidence {
  readonly commit: string;
  /** Of the merge into this commit of the target branch; absent: of the commit itself. */
  readonly onto?: string;
  readonly digest: Digest;
  /** What a reviewer must know before the change is published. */
  readonly concerns: readonly string[];
  /** The part of the bundle shown in the pull request. */
  readonly brief?: EvidenceBrief;
}

/** Lists and texts are truncated; the bundle is complete. Texts of the agent are quoted as they are. */
export interface EvidenceBrief {
  readonly contract: Digest;
  /** What the issue says of the problem and of what is expected; absent if it says nothing, and in older bundles. */
  readonly problem?: string;
  readonly expected?: string;
  /** Commands that fail on the base and pass on the verified commit. */
  readonly proven: readonly string[];
  /** How many tests ran without and with the change; absent in older bundles. */
  readonly tests?: readonly string[];
  readonly skipped: readonly string[];
  readonly remainingRisks: readonly string[];
  readonly stopConditionsMet: readonly string[];
  readonly workerCommands: { readonly ran: number; readonly failed: number };
  readonly owed: readonly string[];
}

export interface Claim {
  readonly branch: string;
  readonly base: string;
  /** The target branch; absent for the default branch. */
  readonly into?: string;
}

/** What a review asked for. Every attempt from `attempt` on gets it. */
export interface RequestedChanges {
  readonly reviewId: number;
  readonly by: string;
  /** The review's text; absent if it is empty. */
  readonly body?: Digest;
  readonly lines?: Pick<ObservedLines, 'words' | 'total'>;
  readonly attempt: number;
  /** It consists of suggestions that can be applied without the agent. */
  readonly suggested?: Suggested;
  /** Why its suggestions are left to the agent. */
  readonly unsuggested?: string;
  /** Threads that have no answer yet. */
  readonly owed: readonly ThreadMark[];
}

export interface Work {
  readonly claim?: Claim;
  /** The requested claim, which may exist. It is released at the end even if no result arrived. */
  readonly claimSent?: Claim;
  /** The base of new runs after a change no longer applied to the moved target branch, or the target was changed. Absent: the base of the claim. */
  readonly runBase?: string;
  /** A person let the work begin again on another target branch: its head becomes the base of new runs when it is read. */
  readonly runBaseDue?: true;
  readonly runs: readonly RunFacts[];
  /** Runs up to this attempt are set aside. */
  readonly setAsideTo: number;
  readonly feedback?: { readonly reviewId: number; readonly digest: Digest; readonly by: string };
  /** Of reviews, oldest first. Absent until a review asks for changes. */
  readonly requestedChanges?: readonly RequestedChanges[];
  readonly change?: Change;
  readonly changeRisk?: RiskJudgement;
  /** What later attempts must know: why changes were not accepted, and what people answered. */
  readonly rejections: readonly { readonly attempt: number; readonly reason: string }[];
  readonly refusals: readonly Refusal[];
  readonly verification?: Verification;
  /** Verifications of the current change that were lost with their host. */
  readonly verificationsLost: number;
  readonly evidence?: Evidence;
}
