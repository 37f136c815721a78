/** Polls at a fixed rate, survives a short outage of the server, and stops at once on Ctrl-C. */
import { setTimeout as delay } from 'node:timers/promises';
import { ClientProblem } from '../../temporal/client-problem.ts';
import { type Cli, say } from '../cli.ts';

export interface Polling {
  readonly everyMs: number;
  /** `done` ends the polling. */
  readonly look: () => Promise<'continue' | 'done'>;
}

/** A restarted server is back within seconds; after this time the error is thrown. */
const OUTAGE_MS_MAX = 60_000;

export async function poll(cli: Cli, { everyMs, look }: Polling): Promise<void> {
  let unreachableSince: number | undefined;
  while (!cli.signal.aborted) {
    try {
      if ((await look()) === 'done') return;
      if (unreachableSince !== undefined) say(cli, 'Temporal is reachable again');
      unreachableSince = undefined;
    } catch (error) {
      if (!(error instanceof ClientProblem && error.kind === 'unreachable')) throw error;
      if (unreachableSince === undefined) say(cli, 'Temporal is unreachable; waiting');
      unreachableSince ??= Date.now();
      if (Date.now() - unreachableSince > OUTAGE_MS_MAX) throw error;
    }
    await delay(everyMs, undefined, { signal: cli.signal }).catch(() => undefined);
  }
}
