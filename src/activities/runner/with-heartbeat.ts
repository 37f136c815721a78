/** Heartbeats of a long activity, and its cancellation by Temporal or by the runner's shutdown. */
import { cancelled, Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { RUNNER_SHUTDOWN } from '../../contracts/names.ts';
import type { Heartbeat } from './heartbeat.ts';

/**
 * A fifth of the heartbeat timeout. It only shows that the host is alive; the box watches the agent (silence, no progress).
 * Together with the longest standstill that a box survives (host/loop-watch.ts) it is less than that timeout.
 */
export const HEARTBEAT_INTERVAL_MS = 2_000;

/** Throws when the activity was cancelled, even if `work` returned: an aborted run must never count as completed. */
export async function withHeartbeat<T>(work: (heartbeat: Heartbeat) => Promise<T>): Promise<T> {
  const context = Context.current();
  let details: unknown = { doing: 'starting' };
  context.heartbeat(details);
  const timer = setInterval(() => context.heartbeat(details), HEARTBEAT_INTERVAL_MS);
  try {
    const result = await work({ signal: context.cancellationSignal, setDetails: next => (details = next) });
    if (context.cancellationSignal.aborted) return await rethrowEnd();
    return result;
  } catch (error) {
    if (context.cancellationSignal.aborted) return await rethrowEnd();
    throw error;
  } finally {
    clearInterval(timer);
  }
}

async function rethrowEnd(): Promise<never> {
  if (Context.current().cancellationDetails?.workerShutdown === true) {
    throw ApplicationFailure.create({ type: RUNNER_SHUTDOWN, message: 'the runner was shut down' });
  }
  return await cancelled();
}
