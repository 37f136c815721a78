/** What a run may still spend, counting what its requests in flight are believed to cost. */
import { costUsd, outputTokensFor, type PriceTable } from './prices.ts';
import type { Run } from './ledger.ts';
import { noTokens, type TokenCounts } from './types.ts';

/** JSON bytes per token, for estimates of what no provider has counted. */
const bytesPerToken = 4;

/** Lowest believable: a request is only refused in advance when it would pass the budget even so. */
const bytesPerTokenAtMost = 8;

/** Providers refuse a smaller bound. */
const outputTokensMin = 16;

export function estimatedTokens(bytes: number): number {
  return Math.ceil(bytes / bytesPerToken);
}

/** Why no further request may start, or undefined. */
export function budgetProblem(run: Run, bodyBytes: number, prices: PriceTable): string | undefined {
  const least = Math.floor(bodyBytes / bytesPerTokenAtMost);
  const { limits } = run;
  if (run.requests >= limits.requestsMax) return `the run's ${limits.requestsMax} requests are spent`;
  const tokens = tokensSpent(run) + least;
  if (tokens >= limits.tokensMax) return `the run's ${limits.tokensMax} tokens are spent`;
  if (limits.costUsdMax === null) return undefined;
  const cost = usdSpent(run, prices) + costUsd({ ...noTokens, inputTokens: least }, run.model, prices);
  return cost >= limits.costUsdMax ? `the run's ${limits.costUsdMax} USD are spent` : undefined;
}

/** Bound on the answer that starts now. */
export function outputTokensLeft(run: Run, prices: PriceTable): number {
  const byTokens = run.limits.tokensMax - tokensSpent(run);
  const { costUsdMax } = run.limits;
  const byMoney =
    costUsdMax === null ? byTokens : outputTokensFor(costUsdMax - usdSpent(run, prices), run.model, prices);
  return Math.max(outputTokensMin, Math.min(byTokens, byMoney));
}

/** Whether the run is over now, in the middle of its streams. */
export function isOverBudget(run: Run, prices: PriceTable): boolean {
  const { tokensMax, costUsdMax } = run.limits;
  return tokensSpent(run) > tokensMax || (costUsdMax !== null && usdSpent(run, prices) > costUsdMax);
}

/** Both include what the requests in flight are believed to cost. */
function tokensSpent(run: Run): number {
  const flying = believed(run);
  return run.inputTokens + run.outputTokens + flying.inputTokens + flying.outputTokens;
}

function usdSpent(run: Run, prices: PriceTable): number {
  return run.costUsd + costUsd(believed(run), run.model, prices);
}

function believed(run: Run): TokenCounts {
  const sum = { ...noTokens, inputTokens: 0, outputTokens: 0 };
  for (const request of Object.values(run.inFlight)) {
    sum.inputTokens += request.inputTokens;
    sum.outputTokens += request.outputTokens;
  }
  return sum;
}
