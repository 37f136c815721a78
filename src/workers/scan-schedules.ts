/** A scheduler that names repositories sees to their scans itself; `up` does it for its own scheduler. */
import type { Logger } from 'pino';
import { atTemporal } from '../client/temporal/connection.ts';
import { ensureScanSchedules } from '../client/temporal/schedules.ts';
import type { Environment } from '../config/environment.ts';
import { type RepositoryRef, repositoryName } from '../domain/issue-ref.ts';
import { errorText } from '../host/error-text.ts';
import { passes } from '../host/wait.ts';

const PAUSES_MS = [0, 1_000, 5_000, 15_000] as const;
const LAST_PAUSE_MS = 60_000;

export interface ScanSchedulesInput {
  readonly environment: Environment;
  readonly scanned: readonly RepositoryRef[];
  readonly everySeconds: number;
  readonly logger: Logger;
}

/** Tries until it succeeds or the worker is over: without a Schedule, nobody finds the issues of a repository. */
export async function scheduleScans(input: ScanSchedulesInput, over: AbortSignal): Promise<void> {
  const { environment, scanned, everySeconds, logger } = input;
  if (scanned.length === 0) return;
  for (let round = 0; await passes(PAUSES_MS[round] ?? LAST_PAUSE_MS, over); round++) {
    try {
      await atTemporal(environment, temporal => ensureScanSchedules(temporal, scanned, everySeconds));
      logger.info(
        { repositories: scanned.map(repositoryName), everySeconds },
        'these repositories are scanned',
      );
      return;
    } catch (error) {
      const why = errorText(error);
      logger.warn({ error: why }, 'cannot create the Schedules of the scans yet');
    }
  }
}
