/** What tokens cost: a table from configuration, with a deliberately high row for models it does not name. */
import type { TokenCounts } from './types.ts';

export interface Price {
  readonly inputUsdPerMillion: number;
  readonly cachedInputUsdPerMillion: number;
  readonly outputUsdPerMillion: number;
}

export type PriceTable = Readonly<Record<string, Price>>;

/** The row for every model without its own. */
export const anyModel = '*';

/** An assumption, not a quotation: high enough that a money limit holds for a model nobody has priced yet. */
export const assumedPrice: Price = {
  inputUsdPerMillion: 10,
  cachedInputUsdPerMillion: 10,
  outputUsdPerMillion: 50,
};

export function costUsd(tokens: TokenCounts, model: string, prices: PriceTable): number {
  const price = prices[model] ?? prices[anyModel] ?? assumedPrice;
  const fresh = Math.max(0, tokens.inputTokens - tokens.cachedInputTokens);
  const millionths =
    fresh * price.inputUsdPerMillion +
    Math.min(tokens.cachedInputTokens, tokens.inputTokens) * price.cachedInputUsdPerMillion +
    tokens.outputTokens * price.outputUsdPerMillion;
  return millionths / 1_000_000;
}

/** How many output tokens the money still buys. */
export function outputTokensFor(usd: number, model: string, prices: PriceTable): number {
  const price = prices[model] ?? prices[anyModel] ?? assumedPrice;
  return price.outputUsdPerMillion === 0
    ? Number.MAX_SAFE_INTEGER
    : Math.floor((usd * 1_000_000) / price.outputUsdPerMillion);
}
