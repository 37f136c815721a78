/** The primary rate limit: a number of requests in an hour. A 304 costs nothing. */

export interface RateLimit {
  readonly headers: () => Record<string, string>;
  readonly spend: () => void;
  readonly exhausted: () => boolean;
  readonly view: () => { limit: number; remaining: number; reset: number; used: number };
  /** `resetAtMs`: when the limit resets. */
  readonly set: (state: { remaining: number; resetAtMs?: number }) => void;
}

const LIMIT = 5000;
const WINDOW_MS = 3_600_000;

export function createRateLimit(now: () => number): RateLimit {
  let remaining = LIMIT;
  let resetAtMs = now() + WINDOW_MS;
  const roll = (): void => {
    if (now() < resetAtMs) return;
    remaining = LIMIT;
    resetAtMs = now() + WINDOW_MS;
  };
  const view = (): { limit: number; remaining: number; reset: number; used: number } => {
    roll();
    return { limit: LIMIT, remaining, reset: Math.ceil(resetAtMs / 1000), used: LIMIT - remaining };
  };
  return {
    view,
    headers: () => ({
      ...Object.fromEntries(
        Object.entries(view()).map(([key, value]) => [`x-ratelimit-${key}`, String(value)]),
      ),
      'x-ratelimit-resource': 'core',
    }),
    spend: () => {
      roll();
      remaining = Math.max(0, remaining - 1);
    },
    exhausted: () => view().remaining === 0,
    set: state => {
      remaining = state.remaining;
      if (state.resetAtMs !== undefined) resetAtMs = state.resetAtMs;
    },
  };
}
