/** Token prices: a configured table, with a deliberately high price for models that it does not name. */
import type { TokenCounts } from './types.ts';

export interface Price {
  readonly inputUsdPerMillion: number;
  readonly cachedInputUsdPerMillion: number;
  readonly outputUsdPerMillion: number;
}

export type PriceTable = Readonly<Record<string, Price>>;

/** The row for models without a row. */
export const ANY_MODEL = '*';

/** An assumed price, high enough that a money limit also holds for a model without a price. */
export const assumedPrice: Price = {
  inputUsdPerMillion: 10,
  cachedInputUsdPerMillion: 10,
  outputUsdPerMillion: 50,
};

export function costUsd(tokens: TokenCounts, model: string, prices: PriceTable): number {
  const price = prices[model] ?? prices[ANY_MODEL] ?? assumedPrice;
  const fresh = Math.max(0, tokens.inputTokens - tokens.cachedInputTokens);
  const millionths =
    fresh * price.inputUsdPerMillion +
    Math.min(tokens.cachedInputTokens, tokens.inputTokens) * price.cachedInputUsdPerMillion +
    tokens.outputTokens * price.outputUsdPerMillion;
  return millionths / 1_000_000;
}

/** The number of output tokens that this amount buys. */
export function outputTokensFor(usd: number, model: string, prices: PriceTable): number {
  const price = prices[model] ?? prices[ANY_MODEL] ?? assumedPrice;
  return price.outputUsdPerMillion === 0
    ? Number.MAX_SAFE_INTEGER
    : Math.floor((usd * 1_000_000) / price.outputUsdPerMillion);
}
