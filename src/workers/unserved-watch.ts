/** Looks for issues without a worker while a scheduler runs, and logs a change once. */
import type { Logger } from 'pino';
import { countUnserved, type Unserved, unservedIssues } from '../client/temporal/unserved.ts';
import type { Temporal } from '../client/temporal/connection.ts';
import { passes } from '../host/wait.ts';

const LOOK_EVERY_MS = 15_000;

export interface UnservedWatch {
  readonly temporal: () => Promise<Temporal>;
  readonly logger: Pick<Logger, 'warn' | 'info'>;
  /** Gets the number of such issues after each look, for a metric. */
  readonly onCount?: (issues: number) => void;
  readonly everyMs?: number;
}

export async function watchUnserved(watch: UnservedWatch, over: AbortSignal): Promise<void> {
  const { temporal, logger, onCount, everyMs = LOOK_EVERY_MS } = watch;
  let reported = '';
  while (await passes(everyMs, over)) {
    try {
      const unserved = await unservedIssues(await temporal());
      onCount?.(countUnserved(unserved));
      reported = report(logger, unserved, reported);
    } catch {
      // Other loops and the health check report a server that does not answer.
    }
  }
}

/** Returns what is reported now: one line for each set of builds, not one for each look. */
function report(logger: UnservedWatch['logger'], unserved: readonly Unserved[], reported: string): string {
  const builds = unserved.map(({ code }) => code.buildId).sort();
  const now = builds.join(' ');
  if (now === reported) return reported;
  if (now === '') logger.info({}, 'every issue has a scheduler with its workflow code again');
  else
    logger.warn(
      {
        builds,
        issues: countUnserved(unserved),
        fix: 'run `signalbox move --all`, or start a scheduler that has these builds',
      },
      'issues are on workflow code that no scheduler runs; nothing happens in them',
    );
  return now;
}
