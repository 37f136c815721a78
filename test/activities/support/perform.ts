/** Performs an activity as Temporal does: retries a retryable failure, with the attempt number. */
import { ApplicationFailure, type Logger } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';

export interface Attempt {
  readonly failure: string;
  readonly message: string;
  /** Set when GitHub said how long to wait. */
  readonly waitMs?: number;
}

export type Ended<O> =
  | { readonly fact: O }
  | { readonly failure: string; readonly message: string }
  | { readonly stillFailing: string };

export interface Performed<O> {
  readonly ended: Ended<O>;
  /** The attempts that failed and were retried. */
  readonly repeated: readonly Attempt[];
}

export interface PerformOptions {
  readonly attemptsMax?: number;
  /** Runs between two attempts. */
  readonly meanwhile?: (attempt: number) => Promise<void> | void;
}

/** Records the waiting times instead of waiting. Anything but an `ApplicationFailure` is a bug and is rethrown. */
export async function perform<I, O>(
  activity: (input: I) => Promise<O>,
  input: I,
  { attemptsMax = 5, meanwhile }: PerformOptions = {},
): Promise<Performed<O>> {
  const repeated: Attempt[] = [];
  for (let attempt = 1; ; attempt += 1) {
    try {
      return { ended: { fact: await activityEnvironment(attempt).run(activity, input) }, repeated };
    } catch (error) {
      const failed = failedAttempt(error);
      if (isPermanent(error)) return { ended: failed, repeated };
      repeated.push(failed);
      if (attempt === attemptsMax) return { ended: { stillFailing: failed.failure }, repeated };
      await meanwhile?.(attempt);
    }
  }
}

function failedAttempt(error: unknown): Attempt {
  if (!(error instanceof ApplicationFailure)) throw error;
  const { type, message } = error;
  const waitMs: unknown = error.nextRetryDelay;
  return { failure: type ?? 'unnamed', message, ...(typeof waitMs === 'number' ? { waitMs } : {}) };
}

function isPermanent(error: unknown): boolean {
  return error instanceof ApplicationFailure && error.nonRetryable === true;
}

/** Resolves to the fact; rejects with an error that says how the activity ended instead. */
export async function factOf<I, O>(activity: (input: I) => Promise<O>, input: I): Promise<O> {
  const { ended } = await perform(activity, input);
  if ('fact' in ended) return ended.fact;
  throw new Error(`no fact: ${JSON.stringify(ended)}`);
}

export function activityEnvironment(attempt = 1): MockActivityEnvironment {
  return new MockActivityEnvironment({ attempt }, { logger: silent });
}

const nothing = (): void => undefined;
const silent: Logger = {
  log: nothing,
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
};
