/** The words between the runner and the model gateway: what a run may use, and what it has used. */
import type { ModelAllowance } from '../domain/policy.ts';

export interface ModelLimits {
  /** Input and output tokens together. */
  readonly tokensMax: number;
  /** null: money is not limited, only counted. */
  readonly costUsdMax: number | null;
  readonly requestsMax: number;
}

export interface Registration {
  readonly runId: string;
  readonly model: string;
  readonly limits: ModelLimits;
  /** What the policy lets requests hold beyond the rules; absent: nothing. */
  readonly allowed?: readonly ModelAllowance[];
}

export interface RegisteredRun {
  /** Bearer token of this run alone; only its hash is kept by the gateway. */
  readonly token: string;
  /** Host path; its directory holds nothing else and is made to be bound into the box. */
  readonly socketPath: string;
}

/** The last thing that went wrong with a run's requests, as the gateway saw it. */
export const modelProblems = [
  'over-budget',
  'refused',
  'upstream-unreachable',
  'upstream-timeout',
  'upstream-overloaded',
  'upstream-quota',
  'upstream-rejected',
  'upstream-key-refused',
  'stream-cut',
] as const;
export type ModelProblem = (typeof modelProblems)[number];

export interface TokenCounts {
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
  readonly reasoningTokens: number;
}

export interface RunUsage extends TokenCounts {
  readonly runId: string;
  readonly model: string;
  /** Requests sent to the provider. */
  readonly requests: number;
  /** Requests answered by the gateway itself. */
  readonly refusals: number;
  /** Requests whose tokens the gateway had to estimate, because the stream ended without a count. */
  readonly estimatedRequests: number;
  readonly costUsd: number;
  readonly overBudget: boolean;
  readonly lastProblem: ModelProblem | null;
  readonly open: boolean;
}

export const noTokens: TokenCounts = {
  inputTokens: 0,
  cachedInputTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
};
