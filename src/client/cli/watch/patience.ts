/** Polling with a bounded rate that outlives short absences of the server, and ends at once with the person. */
import { setTimeout as delay } from 'node:timers/promises';
import { ClientProblem } from '../../temporal/client-problem.ts';
import { type Cli, say } from '../cli.ts';

export interface Polling {
  readonly everyMs: number;
  /** `over` ends it. */
  readonly look: () => Promise<'go-on' | 'over'>;
}

/** A restarted server is back within seconds; one that stays away is an answer of its own. */
const ABSENCE_MS_MAX = 60_000;

export async function poll(cli: Cli, { everyMs, look }: Polling): Promise<void> {
  let absentSince: number | undefined;
  while (!cli.signal.aborted) {
    try {
      if ((await look()) === 'over') return;
      if (absentSince !== undefined) say(cli, 'Temporal answers again');
      absentSince = undefined;
    } catch (error) {
      if (!(error instanceof ClientProblem && error.kind === 'unreachable')) throw error;
      if (absentSince === undefined) say(cli, 'Temporal does not answer; waiting for it');
      absentSince ??= Date.now();
      if (Date.now() - absentSince > ABSENCE_MS_MAX) throw error;
    }
    await delay(everyMs, undefined, { signal: cli.signal }).catch(() => undefined);
  }
}
