/**
 * The only failure mapper of the activities. A failure that may still succeed is thrown for Temporal to retry; one that
 * cannot is non-retryable and named; anything else is a bug and is rethrown unchanged.
 */
import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { ArtifactError } from '../artifacts/port.ts';
import { RUNNER_SHUTDOWN } from '../contracts/names.ts';
import { GUESSED_WAIT_MS_MAX } from '../contracts/retries.ts';
import type { FailureName } from '../domain/failure.ts';
import { GitError, type GitErrorKind } from '../git/git-error.ts';
import { BoxUnwatched } from '../box/unwatched.ts';
import { GitHubFailure, type GitHubFailureKind } from '../github/failure.ts';
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
  return error;
}

function fromTransient({ type, message, givingUp }: TransientFailure): ApplicationFailure {
  return givingUp !== undefined && attempt() >= givingUp.atAttempt
    ? permanent(givingUp.as, message)
    : retryable(type, message);
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
  const name = PERMANENT[error.kind];
  const needs = error.neededPermissions === undefined ? '' : ` (needs ${error.neededPermissions})`;
  const message = `${error.requestRoute}: ${error.message}${needs}`;
  // Not sent, outcome unknown, rate limited, or an unreadable response: the next attempt reads before it writes.
  return name === undefined
    ? retryable(`GitHub:${error.kind}`, message, waitMs(error))
    : permanent(name, message);
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
  // The same command writes as much the next time.
  'output-too-large': 'Unexpected',
};

function fromGit({ kind, message }: GitError): ApplicationFailure {
  const name = GIT_PERMANENT[kind];
  return name === undefined ? retryable(`Git:${kind}`, message) : permanent(name, message);
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
