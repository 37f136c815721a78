/** The input and the result of a run by hand. Its implementation is outside of this folder. */
import type { Verdict } from '../../../domain/by-hand.ts';
import type { Ending } from '../../../domain/ending.ts';
import type { Mode } from '../../../domain/mode.ts';
import type { RiskJudgement } from '../../../domain/risk.ts';
import type { Change, CheckResult, Refusal, Usage } from '../../../domain/state/work.ts';

/** The issue of a run by hand. Hidden characters in its text are already made visible. */
export interface HandIssue {
  /** `owner/repo#12`, or the name of the file. */
  readonly name: string;
  /** `undefined` when the issue is a file. */
  readonly onGitHub: { readonly repository: string; readonly number: number } | undefined;
  readonly title: string;
  readonly body: string;
  /** Hidden texts that the repository's own templates bring with them. */
  readonly known: ReadonlySet<string>;
  readonly labels: readonly string[];
}

export interface HandAsk {
  readonly issue: HandIssue;
  readonly repoDir: string;
  /** A branch, a tag, `HEAD` or a commit id. */
  readonly base: string;
  /** Overrides the mode of the contract or the policy. */
  readonly mode: Mode | undefined;
  /** `codex`, `command` or `command:<executable>`; overrides the policy's agent. */
  readonly agent: string | undefined;
  /** The folder to create; by default named after the issue. */
  readonly outDir: string | undefined;
  readonly workingDirectory: string;
  /** Settings, keyed by environment variable. */
  readonly values: Readonly<Record<string, string | undefined>>;
}

export interface HandHooks {
  readonly signal: AbortSignal;
  /** Receives the progress, one line at a time. */
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

/** Throws `CliError` when the run cannot start, and the signal's reason when it is interrupted. */
export type ByHand = (ask: HandAsk, hooks: HandHooks) => Promise<HandResult>;
