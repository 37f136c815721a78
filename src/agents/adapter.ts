/** The port between the runner and any coding agent: what to start in the box, what a line means, and how a run ended. */
import type { AgentReport, ReportProblem } from '../contracts/agent-report.ts';
import type { AgentTask } from '../contracts/agent-task.ts';
import { modelProblems, type ModelProblem } from '../model-gateway/types.ts';
import type { Ending } from '../domain/ending.ts';

export interface AgentAdapter {
  readonly name: string;
  /** Without a model a run has no account at the model gateway, and no socket in its box. */
  readonly needsModel: boolean;
  /** Which stream carries lines for `progressOf`. */
  readonly progressFrom: 'stdout' | 'stderr';
  prepare(input: PrepareInput): Promise<AgentLaunch>;
  progressOf(line: string): AgentProgress | undefined;
  /** A command that begins or ends, for agents that tell of theirs; a claim like all that they print. */
  commandOf?(line: string): AgentCommandEvent | undefined;
  /** Pure: the same run always has the same ending. Exit 0 proves nothing. */
  finish(run: FinishedRun): AgentEnding;
}

export interface PrepareInput {
  readonly task: AgentTask;
  /** Rendered prompt, see prompt.ts; agents that read the task itself ignore it. */
  readonly prompt: string;
  readonly model: AgentModel;
  /** Host directory of this run alone, for what must be made before the box exists. */
  readonly runDir: string;
}

/** The model as the agent sees it from inside the box. */
export interface AgentModel {
  readonly name: string;
  /** Loopback of the box: the relay to the model gateway's socket, e.g. http://127.0.0.1:8080/v1 */
  readonly baseUrl: string;
  /** This run's token for the model gateway; worth nothing outside of the run. */
  readonly token: string;
}

/** What must run in the box. Paths in `command`, `args` and `env` are paths in the box. */
export interface AgentLaunch {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly stdin: string;
  readonly readOnlyMounts: readonly { readonly from: string; readonly to: string }[];
  /** Small files made for this run, by their path in the box. */
  readonly files: Readonly<Record<string, string>>;
}

export type ProgressKind =
  'started' | 'message' | 'thinking' | 'command' | 'files' | 'plan' | 'warning' | 'output';

export interface AgentProgress {
  readonly kind: ProgressKind;
  readonly text: string;
}

export interface AgentCommandEvent {
  /** The same for begin and end. */
  readonly id: string;
  readonly command: string;
  readonly ended?: { readonly exitCode: number | null; readonly output: string };
}

export const progressTextMax = 200;

export interface FinishedRun {
  readonly exit: { readonly code: number | null; readonly signal: string | null };
  /** Standard output, or as much of its end as was kept. */
  readonly stdout: string;
  readonly stderr: string;
  /** What the model gateway knows of this run; it beats the agent's own words. */
  readonly gateway?: GatewayVerdict;
}

/** The part of the model gateway's account that names endings. */
export interface GatewayVerdict {
  readonly overBudget: boolean;
  readonly lastProblem: ModelProblem | null;
}

/** What made a run fail, finer than the domain's ending: an operator mends a refused key otherwise than a spent quota. */
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

/** Ends that the runner makes itself (silence, wall clock, cancelled, …) are not the adapter's to name. */
export type AgentEnding =
  | { readonly kind: 'reported'; readonly report: AgentReport }
  | { readonly kind: 'report-invalid'; readonly problem: ReportProblem; readonly detail: string }
  | { readonly kind: AgentFailure; readonly cause: FailureCause; readonly detail: string };

/** The domain's name of an ending: a report's outcome, or the failure. */
export function endingName(ending: AgentEnding): Ending {
  return ending.kind === 'reported' ? ending.report.outcome : ending.kind;
}

/** One line, capped, without control, zero-width and bidi characters: fit for a heartbeat, a terminal or a board. */
export function shortText(text: string, max: number = progressTextMax): string {
  const flat = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return flat.length <= max ? flat : `${flat.slice(0, max - 1)}…`;
}
