/** A run by hand, as the command line asks for it and shows it; the work itself is composed outside of this folder. */
import type { Verdict } from '../../../domain/by-hand.ts';
import type { ContractReading } from '../../../domain/contract.ts';
import type { Ending } from '../../../domain/ending.ts';
import type { Mode } from '../../../domain/mode.ts';
import type { RiskJudgement } from '../../../domain/risk.ts';
import type { Change, CheckResult, Refusal, Usage } from '../../../domain/state/work.ts';

/** What hides in its text is visible already. */
export interface HandIssue {
  /** `owner/repo#12`, or the name of the file. */
  readonly name: string;
  /** Undefined when it is a file. */
  readonly onGitHub: { readonly repository: string; readonly number: number } | undefined;
  readonly title: string;
  readonly body: string;
  /** Of the body. */
  readonly reading: ContractReading;
  readonly labels: readonly string[];
}

export interface HandAsk {
  readonly issue: HandIssue;
  readonly repoDir: string;
  /** A branch, a tag, `HEAD` or a commit id. */
  readonly base: string;
  /** Instead of the contract's or the policy's. */
  readonly mode: Mode | undefined;
  /** `codex`, `command` or `command:<executable>`, instead of the policy's. */
  readonly agent: string | undefined;
  /** Made anew; without it one is named after the issue. */
  readonly outDir: string | undefined;
  readonly workingDirectory: string;
  /** Settings by the names of environment variables. */
  readonly values: Readonly<Record<string, string | undefined>>;
}

export interface HandHooks {
  readonly signal: AbortSignal;
  /** Progress, a line at a time. */
  readonly say: (line: string) => void;
}

export interface HandResult extends Verdict {
  readonly version: 1;
  readonly issue: string;
  readonly mode: Mode;
  readonly risk: RiskJudgement;
  readonly base: string;
  readonly policy: { readonly digest: string; readonly from: 'base' | 'defaults' };
  readonly run: {
    readonly ending: Ending;
    readonly summary: string;
    readonly agent: string;
    readonly box: string;
    readonly usage: Usage;
    readonly durationMs: number;
  };
  readonly change: Change | null;
  readonly refusals: readonly Refusal[];
  readonly checks: readonly CheckResult[];
  readonly concerns: readonly string[];
  /** Digest of `evidence.json`. */
  readonly evidence: string | null;
  readonly folder: string;
  readonly branch: { readonly repository: string; readonly name: string; readonly fetch: string } | null;
}

/** Throws `CliError` for what cannot even begin, and the signal's reason when it was interrupted. */
export type ByHand = (ask: HandAsk, hooks: HandHooks) => Promise<HandResult>;
