/**
 * What the activities decide by their attempt number. `workflows/activity-options.ts` says how often and how fast Temporal
 * retries; this table says what changes in a later attempt.
 */

/** The attempt at which a possibly transient failure counts as permanent and gets a name. */
export const GIVES_UP_AT_ATTEMPT = {
  /** GitHub may show a new commit with a short delay. */
  baseAbsent: 5,
  /** The same for a branch; and some servers refuse names without saying why. */
  branchVanished: 10,
  /** GitHub also answers 403 when git requests are rate limited. If it persists, the credential lacks the permission. */
  pushForbidden: 3,
  /** GitHub computes mergeability in the background, so a read may be older than our own write. */
  mergeRefused: 4,
} as const;

/**
 * How often Temporal tries an effect before the workflow tells people and waits itself. With its pauses the first number
 * takes ten minutes: most outages are over by then, and a person who looks at the issue does not wait longer for a word.
 * The second is for each later try: above all limits of the table above, and over in ten seconds.
 */
export const ATTEMPTS_MAX = { first: 15, again: 6 } as const;

/** A wait from this length on is the workflow's: people see its reason and its end. */
export const LONG_WAIT_MS_MIN = 2 * 60_000;

/** Limit of the wait that doubles with each attempt, when GitHub names no time (REST: Rate limits). */
export const GUESSED_WAIT_MS_MAX = 16 * 60_000;

/** An earlier attempt may have written and lost the response: a retry reads before it writes or trusts. */
export function isRepeated(attempt: number): boolean {
  return attempt > 1;
}
