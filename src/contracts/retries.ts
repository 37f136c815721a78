/**
 * What the activities decide by the number of their attempt. The options of `workflows/activity-options.ts` say how often and
 * how fast Temporal tries again; this table says what an attempt makes of being one of many.
 */

/** The attempt that takes what may pass for what will stay, and fails for good with a name. */
export const GIVES_UP_AT_ATTEMPT = {
  /** A server may show a new commit some moments late. */
  baseAbsent: 5,
  /** A limit of git requests is a 403 too; one that lasts for so many attempts is the credential's. */
  pushForbidden: 3,
  /** GitHub computes whether a pull request can be merged after it changed; what was read may be older than our own write. */
  mergeRefused: 4,
} as const;

/** GitHub asks those whom it tells no time to wait ever longer (REST: Rate limits): doubled with each attempt, up to this. */
export const GUESSED_WAIT_MS_MAX = 16 * 60_000;

/** An earlier attempt may have written, and its answer got lost: a repeated one reads before it writes or trusts. */
export function isRepeated(attempt: number): boolean {
  return attempt > 1;
}
