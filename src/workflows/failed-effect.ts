/** What is known of an effect whose activity did not succeed: failed, cancelled, or lost. */
import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  isCancellation,
  TimeoutFailure,
} from '@temporalio/workflow';
import { RUNNER_SHUTDOWN } from '../contracts/names.ts';
import type { Ending } from '../domain/ending.ts';
import type { EventBody } from '../domain/event.ts';
import type { Effect } from '../domain/step.ts';
export function failed(effect: Effect, error: unknown): EventBody {
  const isRun = effect.kind === 'run-agent';
  if (isLost(error))
    return isRun
      ? runGone(effect.runId, 'lost', 'the runner stopped sending heartbeats or was shut down')
      : { type: 'step-lost', effect };
  if (isCancellation(error) || CancellationScope.current().consideredCancelled) {
    return isRun
      ? runGone(effect.runId, 'cancelled', 'the run was cancelled before it ended')
      : { type: 'step-cancelled', effect };
  }
  const { failure, message } = failureOf(error);
  if (isRun) return runGone(effect.runId, 'could-not-start', message);
  return { type: 'step-failed', effect, failure, message };
}

export function failureOf(error: unknown): { readonly failure: string; readonly message: string } {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  const failure = cause instanceof ApplicationFailure ? (cause.type ?? 'Unexpected') : 'Unexpected';
  return { failure, message: cause instanceof Error ? cause.message : String(cause) };
}

function runGone(runId: string, ending: Ending, summary: string): EventBody {
  const usage = { inputTokens: 0, outputTokens: 0, costUsd: 0 };
  return { type: 'run-ended', runId, end: { ending, endedAt: Date.now(), summary, usage } };
}

/** The heartbeat timed out, or the runner shut down: what the activity did is unknown. */
function isLost(error: unknown): boolean {
  if (!(error instanceof ActivityFailure)) return false;
  const { cause } = error;
  return (
    cause instanceof TimeoutFailure || (cause instanceof ApplicationFailure && cause.type === RUNNER_SHUTDOWN)
  );
}
