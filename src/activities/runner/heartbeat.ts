/** Life signs of a long activity, and its end when Temporal, the runner or nobody wants it any more. */
import { cancelled, Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { RUNNER_SHUTDOWN } from '../../contracts/names.ts';
import type { Pulse } from './pulse.ts';

/** The host lives: a third of the heartbeat timeout. Whether the agent does is the box's business (silence, no progress). */
const BEAT_MS = 3_000;

/** Throws at the end when the activity was cancelled, so that an aborted run never counts as a completed one. */
export async function withPulse<T>(work: (pulse: Pulse) => Promise<T>): Promise<T> {
  const context = Context.current();
  let detail: unknown = { doing: 'starting' };
  context.heartbeat(detail);
  const timer = setInterval(() => context.heartbeat(detail), BEAT_MS);
  try {
    const result = await work({ signal: context.cancellationSignal, say: next => (detail = next) });
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
    throw ApplicationFailure.create({ type: RUNNER_SHUTDOWN, message: 'the runner was stopped' });
  }
  return await cancelled();
}
