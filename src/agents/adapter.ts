/** The interface between the runner and a coding agent: what to start in the box, how to read its output, how a run ended. */
import type { BoxMount } from '../box/spec.ts';
import type { AgentReport, ReportProblem } from '../contracts/agent-report.ts';
import type { AgentTask } from '../contracts/agent-task.ts';
import { modelProblems, type ModelProblem } from '../model-gateway/types.ts';
import type { Ending } from '../domain/ending.ts';

export interface AgentAdapter {
  readonly name: string;
  /** False: the run has no account at the model gateway and no model socket in its box. */
  readonly needsModel: boolean;
  /** The stream whose lines go to `progressOf` and `commandOf`. */
  readonly progressFrom: 'stdout' | 'stderr';
  /** What every run mounts. The runner checks before a run that the box's user can read it. */
  readonly readOnlyMounts: readonly BoxMount[];
  prepare(input: PrepareInput): Promise<AgentLaunch>;
  progressOf(line: string): AgentProgress | undefined;
  /** A command that starts or ends, for agents that report their commands. Like all their output, it is a claim. */
  commandOf?(line: string): AgentCommandEvent | undefined;
  /** Pure: the same run always has the same ending. Exit code 0 proves nothing. */
  finish(run: FinishedRun): AgentEnding;
}

export interface PrepareInput {
  readonly task: AgentTask;
  /** The rendered prompt, see prompt.ts. Agents that read the task itself ignore it. */
  readonly prompt: string;
  readonly model: AgentModel;
  /** This run's private host directory, for files that must exist before the box does. */
  readonly runDir: string;
}

/** The model as the agent sees it from inside the box. */
export interface AgentModel {
  readonly name: string;
  /** The relay to the model gateway's socket, on the box's loopback, e.g. http://127.0.0.1:8080/v1 */
  readonly baseUrl: string;
  /** This run's token for the model gateway; not valid outside the run. */
  readonly token: string;
}

/** What to run in the box. Paths in `command`, `args` and `env` are paths in the box. */
export interface AgentLaunch {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly stdin: string;
  readonly readOnlyMounts: readonly { readonly from: string; readonly to: string }[];
  /** Small files for this run, by path in the box. */
  readonly files: Readonly<Record<string, string>>;
}

export type ProgressKind =
  'started' | 'message' | 'thinking' | 'command' | 'files' | 'plan' | 'warning' | 'output';

export interface AgentProgress {
  readonly kind: ProgressKind;
  readonly text: string;
}

export interface AgentCommandEvent {
  /** The same at start and end. */
  readonly id: string;
  readonly command: string;
  readonly ended?: { readonly exitCode: number | null; readonly output: string };
}

export const PROGRESS_TEXT_MAX = 200;

export interface FinishedRun {
  readonly exit: { readonly code: number | null; readonly signal: string | null };
  /** Standard output, or the end of it that was kept. */
  readonly stdout: string;
  readonly stderr: string;
  /** The model gateway's record of this run; it takes precedence over the agent's output. */
  readonly gateway?: GatewayVerdict;
}

/** The part of the model gateway's account that decides endings. */
export interface GatewayVerdict {
  readonly overBudget: boolean;
  readonly lastProblem: ModelProblem | null;
}

/** Why a run failed, in more detail than the domain's ending: a refused key needs another fix than a used-up quota. */
export const failureCauses = [
  ...modelProblems,
  'no-message',
  'box-failed',
  'bad-invocation',
  'killed',
  'crashed',
] as const;
export type FailureCause = (typeof failureCauses)[number];

export type AgentFailure = Extract<
  Ending,
  | 'no-report'
  | 'over-budget'
  | 'model-refused'
  | 'model-unreachable'
  | 'model-overloaded'
  | 'sandbox-broken'
  | 'could-not-start'
  | 'crashed'
>;

/** Endings that the runner causes itself (silence, wall clock, cancelled, …) do not come from the adapter. */
export type AgentEnding =
  | { readonly kind: 'reported'; readonly report: AgentReport }
  | { readonly kind: 'report-invalid'; readonly problem: ReportProblem; readonly detail: string }
  | { readonly kind: AgentFailure; readonly cause: FailureCause; readonly detail: string };

/** The domain's name of an ending: the report's outcome, or the failure. */
export function endingName(ending: AgentEnding): Ending {
  return ending.kind === 'reported' ? ending.report.outcome : ending.kind;
}

/** One capped line without control, zero-width and bidi characters: safe for heartbeats and terminals. */
export function shortText(text: string, max: number = PROGRESS_TEXT_MAX): string {
  const flat = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return flat.length <= max ? flat : `${flat.slice(0, max - 1)}…`;
}
