/** The types shared by the runner and the model gateway: a run's limits and its usage. */
import type { ModelAllowance } from '../domain/policy.ts';

export interface ModelLimits {
  /** Input and output tokens together. */
  readonly tokensMax: number;
  /** null: cost is counted but not limited. */
  readonly costUsdMax: number | null;
  readonly requestsMax: number;
}

export interface Registration {
  readonly runId: string;
  readonly model: string;
  readonly limits: ModelLimits;
  /** What the policy allows in requests beyond the strict rules; absent: nothing. */
  readonly allowed?: readonly ModelAllowance[];
}

export interface RegisteredRun {
  /** The bearer token of this run only; the gateway stores only its hash. */
  readonly token: string;
  /** A path on the host; its directory contains nothing else, so that it can be mounted into the box. */
  readonly socketPath: string;
}

/** The last problem of a run's requests, as the gateway saw it. */
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
  /** Requests that the gateway refused. */
  readonly refusals: number;
  /** Requests whose tokens the gateway estimated because the stream ended without a count. */
  readonly estimatedRequests: number;
  readonly costUsd: number;
  readonly overBudget: boolean;
  readonly lastProblem: ModelProblem | null;
  /** When the provider accepts requests again, as far as it said, in epoch milliseconds. */
  readonly retryAt: number | null;
  readonly open: boolean;
}

export const noTokens: TokenCounts = {
  inputTokens: 0,
  cachedInputTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
};

/** What a run has used before its first request. */
export const NO_USAGE = {
  requests: 0,
  refusals: 0,
  estimatedRequests: 0,
  ...noTokens,
  costUsd: 0,
  overBudget: false,
  lastProblem: null,
  retryAt: null,
} as const;
