/**
 * Tells a failure that may pass from one that needs a person. Bundled for the workflow sandbox: imports contracts and
 * domain only.
 */
import { ActivityFailure, ApplicationFailure, isCancellation, TimeoutFailure } from '@temporalio/workflow';
import { LONG_WAIT, type LongWait } from '../contracts/names.ts';
import type { DelayFacts } from '../domain/delay.ts';

/** `since`: when the activity was sent, in epoch milliseconds. Undefined for every other failure. */
export function delayFacts(error: unknown, since: number): DelayFacts | undefined {
  if (!(error instanceof ActivityFailure) || isCancellation(error)) return undefined;
  const { cause } = error;
  if (cause instanceof TimeoutFailure) return { since, reason: NO_ANSWER };
  if (!(cause instanceof ApplicationFailure) || cause.nonRetryable === true) return undefined;
  return { since, reason: cause.message, ...limitEnds(cause) };
}

const NO_ANSWER = 'each attempt ended without an answer; see the logs of the scheduler';

/** By Temporal's clock: the hosts of the scheduler have clocks of their own. */
function limitEnds({ type, details }: ApplicationFailure): Pick<DelayFacts, 'limitEnds'> {
  const [wait] = (type === LONG_WAIT ? (details ?? []) : []) as readonly (LongWait | undefined)[];
  return wait?.afterMs === undefined ? {} : { limitEnds: Date.now() + wait.afterMs };
}
