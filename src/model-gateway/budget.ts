/** The rest of a run's budget, including the estimated cost of its requests in flight. */
import { costUsd, outputTokensFor, type PriceTable } from './prices.ts';
import type { Run } from './ledger.ts';
import { noTokens, type TokenCounts } from './types.ts';

/** JSON bytes per token, for estimates where the provider gave no count. */
const BYTES_PER_TOKEN = 4;

/** The lowest plausible estimate: a request is refused in advance only if it exceeds the budget even by this one. */
const BYTES_PER_TOKEN_AT_MOST = 8;

/** Providers reject a smaller `max_output_tokens`. */
const OUTPUT_TOKENS_MIN = 16;

export function estimatedTokens(bytes: number): number {
  return Math.ceil(bytes / BYTES_PER_TOKEN);
}

/** Why no further request may start, or undefined. */
export function budgetProblem(run: Run, bodyBytes: number, prices: PriceTable): string | undefined {
  const least = Math.floor(bodyBytes / BYTES_PER_TOKEN_AT_MOST);
  const { limits } = run;
  if (run.requests >= limits.requestsMax) return `the run has used its ${limits.requestsMax} requests`;
  const tokens = tokensSpent(run) + least;
  if (tokens >= limits.tokensMax) return `the run has used its ${limits.tokensMax} tokens`;
  if (limits.costUsdMax === null) return undefined;
  const cost = usdSpent(run, prices) + costUsd({ ...noTokens, inputTokens: least }, run.model, prices);
  return cost >= limits.costUsdMax ? `the run has used its ${limits.costUsdMax} USD` : undefined;
}

/** The bound on output tokens for the answer that starts now. */
export function outputTokensLeft(run: Run, prices: PriceTable): number {
  const byTokens = run.limits.tokensMax - tokensSpent(run);
  const { costUsdMax } = run.limits;
  const byMoney =
    costUsdMax === null ? byTokens : outputTokensFor(costUsdMax - usdSpent(run, prices), run.model, prices);
  return Math.max(OUTPUT_TOKENS_MIN, Math.min(byTokens, byMoney));
}

/** Whether the run exceeds its budget now, while answers are still streaming. */
export function isOverBudget(run: Run, prices: PriceTable): boolean {
  const { tokensMax, costUsdMax } = run.limits;
  return tokensSpent(run) > tokensMax || (costUsdMax !== null && usdSpent(run, prices) > costUsdMax);
}

/** This and `usdSpent` include the estimated cost of the requests in flight. */
function tokensSpent(run: Run): number {
  const inFlight = estimatedInFlight(run);
  return run.inputTokens + run.outputTokens + inFlight.inputTokens + inFlight.outputTokens;
}

function usdSpent(run: Run, prices: PriceTable): number {
  return run.costUsd + costUsd(estimatedInFlight(run), run.model, prices);
}

function estimatedInFlight(run: Run): TokenCounts {
  const sum = { ...noTokens, inputTokens: 0, outputTokens: 0 };
  for (const request of Object.values(run.inFlight)) {
    sum.inputTokens += request.inputTokens;
    sum.outputTokens += request.outputTokens;
  }
  return sum;
}
