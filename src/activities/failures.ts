/**
 * The only failure mapper of the activities. A failure that may still succeed is thrown for Temporal to retry; one that
 * cannot is non-retryable and named; anything else is a bug and is rethrown unchanged.
 */
import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { ArtifactError, StoreFailure } from '../artifacts/port.ts';
import { LONG_WAIT, type LongWait, RUNNER_SHUTDOWN } from '../contracts/names.ts';
import { GUESSED_WAIT_MS_MAX, LONG_WAIT_MS_MIN } from '../contracts/retries.ts';
import type { FailureName } from '../domain/failure.ts';
import { GitError, type GitErrorKind } from '../git/git-error.ts';
import { BoxUnwatched } from '../box/unwatched.ts';
import { GitHubFailure, type GitHubFailureKind } from '../github/failure.ts';
import { refusalIn } from '../github/refusals.ts';
import { PermanentFailure, TransientFailure } from './effect-failure.ts';

/** Wraps an activity so that every error it throws passes through the mapper. */
export function mapped<I, O>(activity: (input: I) => Promise<O>): (input: I) => Promise<O> {
  return async input => {
    try {
      return await activity(input);
    } catch (error) {
      throw toApplicationFailure(error);
    }
  };
}

function toApplicationFailure(error: unknown): unknown {
  if (error instanceof PermanentFailure) return permanent(error.failure, error.message);
  if (error instanceof TransientFailure) return fromTransient(error);
  // What the box did is unknown, as if its runner had died.
  if (error instanceof BoxUnwatched) return permanent(RUNNER_SHUTDOWN, error.message);
  if (error instanceof GitHubFailure) return fromGitHub(error);
  if (error instanceof GitError) return fromGit(error);
  if (error instanceof ArtifactError) {
    return error.kind === 'too-large'
      ? permanent('Unexpected', error.message)
      : permanent('ArtifactMissing', error.message);
  }
  // A person may have to fix it; until then the issue waits in this step, and Temporal shows the line.
  if (error instanceof StoreFailure) return retryable(`Store:${error.kind}`, withoutHostPaths(error.message));
  return error instanceof Error ? withoutPlaces(error) : error;
}

/** The message of a bug can be posted, so it names no folder of this host; the history keeps the error as it was. */
function withoutPlaces(error: Error): Error {
  const message = withoutHostPaths(error.message);
  return message === error.message
    ? error
    : ApplicationFailure.create({ type: error.name, message, cause: error });
}

function withoutHostPaths(text: string): string {
  return text.replace(HOST_PATH, '$<before>…/$<name>');
}

/** An absolute path with at least two components: what it is below says nothing to a reader of an issue. */
const HOST_PATH = /(?<before>^|[\s'"`(=:,])\/(?:[^\s/'"`:,()]+\/)+(?<name>[^\s/'"`:,()]*)/g;

function fromTransient({ type, message, givingUp, afterMs }: TransientFailure): ApplicationFailure {
  return givingUp !== undefined && attempt() >= givingUp.atAttempt
    ? permanent(givingUp.as, message)
    : retryable(type, message, afterMs);
}

function attempt(): number {
  return Context.current().info.attempt;
}

const PERMANENT: Readonly<Partial<Record<GitHubFailureKind, FailureName>>> = {
  unauthorized: 'GitHubUnauthorized',
  forbidden: 'GitHubForbidden',
  'not-found': 'GitHubNotFound',
  gone: 'GitHubNotFound',
  moved: 'GitHubMoved',
  conflict: 'GitHubInvalid',
  invalid: 'GitHubInvalid',
  'too-large': 'TooMuchToRead',
  'too-long': 'TooMuchToRead',
};

function fromGitHub(error: GitHubFailure): ApplicationFailure {
  const name = forbiddenBy(error) ?? PERMANENT[error.kind];
  const needs = error.neededPermissions === undefined ? '' : ` (needs ${error.neededPermissions})`;
  const message = `${error.requestRoute}: ${error.message}${needs}`;
  // Not sent, outcome unknown, rate limited, or an unreadable response: the next attempt reads before it writes.
  if (name !== undefined) return permanent(name, message);
  const wait = waitMs(error);
  return wait !== undefined && wait >= LONG_WAIT_MS_MIN
    ? longWait(error, message, wait)
    : retryable(`GitHub:${error.kind}`, message, wait);
}

/** GitHub's own words name no cause that people know. */
function longWait(
  { hourIsUsedUp, retryAfterIsGuess }: GitHubFailure,
  said: string,
  afterMs: number,
): ApplicationFailure {
  const cause = hourIsUsedUp
    ? "GitHub's requests of this hour are used up"
    : 'GitHub asks for fewer requests (its secondary rate limit)';
  const wait: LongWait = retryAfterIsGuess ? {} : { afterMs };
  return ApplicationFailure.create({
    type: LONG_WAIT,
    message: `${cause} (${said})`,
    details: [wait],
    nextRetryDelay: afterMs,
  });
}

/** Of all that is forbidden, what a permission of the credential cannot change. */
function forbiddenBy({ kind, message }: GitHubFailure): FailureName | undefined {
  const failure = kind === 'forbidden' ? refusalIn(message, 'branch')?.failure : undefined;
  return failure === 'RepositoryReadOnly' || failure === 'OrganizationForbids' ? failure : undefined;
}

function waitMs({ retryAfterMs, retryAfterIsGuess }: GitHubFailure): number | undefined {
  if (retryAfterMs === undefined || !retryAfterIsGuess) return retryAfterMs;
  return Math.min(retryAfterMs * 2 ** (attempt() - 1), GUESSED_WAIT_MS_MAX);
}

const GIT_PERMANENT: Readonly<Partial<Record<GitErrorKind, FailureName>>> = {
  auth: 'GitHubForbidden',
  moved: 'GitHubMoved',
  'not-found': 'GitHubNotFound',
  'bad-input': 'Unexpected',
  unsupported: 'RepositoryUnsupported',
  'history-too-large': 'HistoryTooLarge',
  // The same command writes as much the next time.
  'output-too-large': 'Unexpected',
};

function fromGit({ kind, message }: GitError): ApplicationFailure {
  const name = GIT_PERMANENT[kind];
  return name === undefined ? retryable(`Git:${kind}`, withoutHostPaths(message)) : permanent(name, message);
}

function permanent(name: FailureName | typeof RUNNER_SHUTDOWN, message: string): ApplicationFailure {
  return ApplicationFailure.create({ type: name, message, nonRetryable: true });
}

/** Retried after Temporal's own interval, or after `afterMs` when GitHub says how long to wait. */
function retryable(type: string, message: string, afterMs?: number): ApplicationFailure {
  return ApplicationFailure.create({
    type,
    message,
    ...(afterMs === undefined ? {} : { nextRetryDelay: afterMs }),
  });
}
