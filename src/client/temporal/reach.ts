/** Connects to Temporal, and waits while nothing answers. A refusal is not waited for: it does not heal by itself. */
import { setTimeout as delay } from 'node:timers/promises';
import { ClientProblem } from './client-problem.ts';
import { connectTemporal, type Temporal, type TemporalSettings } from './connection.ts';

export interface Waiting {
  readonly signal: AbortSignal;
  /** Asked after each attempt that found nothing; false: its problem is thrown. */
  readonly mayWait: (problem: ClientProblem) => boolean;
}

const PAUSE_MS = 250;

/** Throws `ClientProblem`, or the reason of the signal. The caller closes the connection. */
export async function connectWhenReachable(settings: TemporalSettings, waiting: Waiting): Promise<Temporal> {
  for (;;) {
    waiting.signal.throwIfAborted();
    try {
      return await connectTemporal(settings);
    } catch (error) {
      if (!(error instanceof ClientProblem) || error.kind !== 'unreachable') throw error;
      if (!waiting.mayWait(error)) throw error;
    }
    await delay(PAUSE_MS, undefined, { signal: waiting.signal });
  }
}
