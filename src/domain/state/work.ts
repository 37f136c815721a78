/** The work on the issue, on this side of GitHub: the claim, runs, the change, its verification and its evidence. */
import type { RecordedBox } from '../box-facts.ts';
import type { Digest } from '../digest.ts';
import type { Ending } from '../ending.ts';
import type { Mode } from '../mode.ts';
import type { Risk, RiskJudgement } from '../risk.ts';

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

export interface Work {
  readonly claim?: { readonly branch: string; readonly base: string };
  /** Asked for, perhaps made: given back at the end even when no answer ever came. */
  readonly claimSent?: { readonly branch: string; readonly base: string };
  /** Where runs start from since a change no longer fitted on a default branch that had moved; absent: the claim's. */
  readonly runBase?: string;
  readonly runs: readonly RunFacts[];
  /** Runs up to this attempt are set aside: a person asked for another. */
  readonly setAsideTo: number;
  readonly feedback?: { readonly reviewId: number; readonly digest: Digest; readonly by: string };
  readonly change?: Change;
  readonly changeRisk?: RiskJudgement;
  /** Why changes were not taken, for the attempts that follow: people rejected them, or the base moved below them. */
  readonly rejections: readonly { readonly attempt: number; readonly reason: string }[];
  readonly refusals: readonly Refusal[];
  readonly verification?: Verification;
  /** Verifications of the present change that were lost with their host. */
  readonly verificationsLost: number;
  readonly evidence?: Evidence;
}
