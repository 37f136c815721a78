/** The named ways in which a request to GitHub fails. The caller decides what each one means for its effect. */

/**
 * - `not-sent`: nothing reached GitHub.
 * - `unknown`: a write may have happened; read it back.
 * - `rate-limited`: try again later.
 * - `too-large`, `too-long`: a response, or a list of several, is more than is read.
 * - `bad-answer`: the response cannot be trusted; after a write, read it back.
 * - All others are clear answers of GitHub.
 */
export type GitHubFailureKind =
  | 'not-sent'
  | 'unknown'
  | 'rate-limited'
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'gone'
  | 'moved'
  | 'conflict'
  | 'invalid'
  | 'too-large'
  | 'too-long'
  | 'bad-answer';

export interface GitHubFailureFacts {
  readonly kind: GitHubFailureKind;
  /** One line without secrets. */
  readonly message: string;
  /** Method and path template, for example `POST /repos/{owner}/{repo}/git/refs`. */
  readonly requestRoute: string;
  readonly status?: number;
  /** Only with `rate-limited`. */
  readonly retryAfterMs?: number;
  /** The requests of the hour are used up; otherwise GitHub asks to slow down (its secondary limit). */
  readonly hourIsUsedUp?: true;
  /** GitHub gave no time: wait longer after each attempt. */
  readonly retryAfterIsGuess?: true;
  /** The permission that GitHub requires for the request, for example `issues=write`. */
  readonly neededPermissions?: string;
}

export class GitHubFailure extends Error {
  override readonly name = 'GitHubFailure';
  readonly kind: GitHubFailureKind;
  readonly requestRoute: string;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
  readonly retryAfterIsGuess: boolean;
  readonly hourIsUsedUp: boolean;
  readonly neededPermissions: string | undefined;
  constructor(facts: GitHubFailureFacts) {
    super(facts.message);
    this.kind = facts.kind;
    this.requestRoute = facts.requestRoute;
    this.status = facts.status;
    this.retryAfterMs = facts.retryAfterMs;
    this.retryAfterIsGuess = facts.retryAfterIsGuess === true;
    this.hourIsUsedUp = facts.hourIsUsedUp === true;
    this.neededPermissions = facts.neededPermissions;
  }
}

export function isFailure(error: unknown, ...kinds: readonly GitHubFailureKind[]): error is GitHubFailure {
  return error instanceof GitHubFailure && (kinds.length === 0 || kinds.includes(error.kind));
}

const MAY_STILL_SUCCEED: readonly GitHubFailureKind[] = ['not-sent', 'unknown', 'rate-limited', 'bad-answer'];

/** The same request would get the same answer. */
export function isClearNo(error: unknown): error is GitHubFailure {
  return error instanceof GitHubFailure && !MAY_STILL_SUCCEED.includes(error.kind);
}

/** GitHub understood the request and refuses what it would write, for example a text that is too long. */
export function isRefusedWrite(error: unknown): error is GitHubFailure {
  return isFailure(error, 'invalid') && !error.requestRoute.startsWith('GET ');
}
