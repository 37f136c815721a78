/**
 * What every process does before it works: it waits while nothing answers at Temporal's address, and ends when it is
 * refused (a certificate, a key, a namespace), because waiting does not heal that.
 */
import { NativeConnection } from '@temporalio/worker';
import type { Logger } from 'pino';
import { ClientProblem } from '../client/temporal/client-problem.ts';
import { toClientProblem } from '../client/temporal/server-problem.ts';
import type { TemporalSettings } from '../client/temporal/connection.ts';
import { requireNamespace } from '../client/temporal/namespace.ts';
import { connectWhenReachable } from '../client/temporal/reach.ts';
import { errorText, firstLine } from '../host/error-text.ts';

/** Resolves when the server can be used, or to false when the process must stop. Throws `ClientProblem`. */
export async function reachTemporal(
  settings: TemporalSettings,
  logger: Pick<Logger, 'warn'>,
  stop: AbortSignal,
): Promise<boolean> {
  let logged = '';
  const mayWait = (problem: ClientProblem): boolean => {
    if (problem.message !== logged)
      logger.warn({ temporal: settings.address, cause: problem.message }, 'waiting for Temporal');
    logged = problem.message;
    return true;
  };
  try {
    const temporal = await connectWhenReachable(settings, { signal: stop, mayWait });
    try {
      await requireNamespace(temporal);
    } finally {
      await temporal.close();
    }
    return true;
  } catch (error) {
    if (stop.aborted) return false;
    throw error;
  }
}

/** The connection of workers, which have a library of their own. */
export async function workerConnection({ address, options }: TemporalSettings): Promise<NativeConnection> {
  const { tls, apiKey, metadata } = options;
  try {
    return await NativeConnection.connect({
      address,
      ...(tls === undefined ? {} : { tls }),
      ...(typeof apiKey === 'string' ? { apiKey } : {}),
      ...(metadata === undefined ? {} : { metadata }),
    });
  } catch (error) {
    const problem = toClientProblem(error, address);
    if (problem instanceof ClientProblem) throw problem;
    const what = `cannot connect a worker to Temporal at ${address} (${firstLine(errorText(error))})`;
    throw new ClientProblem('unreachable', { what, fix: 'run `signalbox doctor`' });
  }
}
