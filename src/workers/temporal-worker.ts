/** Runs Temporal workers over one connection: retries to connect, and stops gracefully on SIGTERM and SIGINT, then forcibly. */
import { setTimeout as delay } from 'node:timers/promises';
import { type NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import type { Logger } from 'pino';
import { type Environment, processSettings } from '../config/environment.ts';
import { ClientProblem } from '../client/temporal/client-problem.ts';
import { toClientProblem } from '../client/temporal/server-problem.ts';
import { type TemporalSettings, temporalSettings } from '../client/temporal/connection.ts';
import { errorText } from '../host/error-text.ts';
import { TroubleError } from '../domain/trouble.ts';
import { announceReady } from '../host/parent-watch.ts';
import type { Signals } from '../telemetry/signals.ts';
import { activityLog } from './activity-log.ts';
import { watchTemporal, watchUnreachedTemporal, watchWorkers } from './worker-health.ts';
import { reachTemporal, workerConnection } from './reach-temporal.ts';

const CONNECT_PAUSE_MS = 250;
/** After the grace time activities are cancelled; one that does not return within this time must not keep the process alive. */
const CANCEL_TIMEOUT_MS = 15_000;

export interface Reached {
  readonly connection: NativeConnection;
  readonly namespace: string;
}

export interface WorkerPlan {
  readonly environment: Environment;
  readonly logger: Logger;
  /** Returns the workers to run once Temporal is reached. */
  readonly workers: (reached: Reached) => Promise<readonly Omit<WorkerOptions, 'connection' | 'namespace'>[]>;
  /** Runs together with the workers until they end; logs its own errors. */
  readonly alongside?: (reached: Reached, over: AbortSignal) => Promise<void>;
  /** How long cancelled activities can take to return before the process ends without them. */
  readonly cancelTimeoutMs?: number;
  readonly stop: AbortSignal;
  /** Where the state of the connection and of the workers is shown. */
  readonly signals?: Pick<Signals, 'health' | 'ready'>;
}

/** Resolves to the exit code. Throws the trouble that a person must mend. */
export async function runTemporalWorker(plan: WorkerPlan): Promise<number> {
  const { environment, logger, stop, signals } = plan;
  const settings = temporalSettings(environment);
  if (signals !== undefined) watchUnreachedTemporal(signals.health, settings.address);
  const connection = await connected(settings, logger, stop);
  if (connection === undefined) return 0;
  if (signals !== undefined) watchTemporal(signals.health, connection, settings.address);
  try {
    await runWorkers(plan, { connection, namespace: settings.namespace });
    return 0;
  } catch (error) {
    const problem = toClientProblem(error, settings.address);
    if (problem instanceof ClientProblem) throw problem;
    // A person can mend it: it ends the process with its line and its exit code, as a wrong setting does.
    if (error instanceof TroubleError) throw error;
    logger.error({ error: errorText(error) }, 'worker ended with an error');
    return 1;
  } finally {
    await connection.close().catch(() => undefined);
  }
}

/** The workers start together; when one ends, all end. */
async function runWorkers(plan: WorkerPlan, reached: Reached): Promise<void> {
  const { environment, logger, alongside, stop, signals, cancelTimeoutMs = CANCEL_TIMEOUT_MS } = plan;
  const graceMs = processSettings(environment).SIGNALBOX_SHUTDOWN_GRACE_SECONDS * 1_000;
  const workers: Worker[] = [];
  for (const options of await plan.workers(reached))
    workers.push(
      await Worker.create({
        shutdownGraceTime: graceMs,
        shutdownForceTime: graceMs + cancelTimeoutMs,
        // A run gets its cancellation with the next heartbeat: after half a second instead of five (measured).
        maxHeartbeatThrottleInterval: '1 second',
        interceptors: { activity: [activityLog] },
        ...options,
        ...reached,
      }),
    );
  const end = (): void => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  const running = workers.map(worker => worker.run().finally(end));
  if (signals !== undefined) watchWorkers(signals.health, workers);
  signals?.ready();
  announceReady();
  logger.info({ taskQueue: workers[0]?.options.taskQueue, workers: workers.length }, 'worker started');
  if (stop.aborted) end();
  else stop.addEventListener('abort', end, { once: true });
  const over = new AbortController();
  const side = alongside?.(reached, over.signal);
  const ends = await Promise.allSettled(running);
  over.abort();
  await side;
  for (const ended of ends) if (ended.status === 'rejected') throw ended.reason;
}

/** A server that goes away between the two connections is waited for like one that has not come yet. */
async function connected(
  settings: TemporalSettings,
  logger: Logger,
  stop: AbortSignal,
): Promise<NativeConnection | undefined> {
  while (await reachTemporal(settings, logger, stop)) {
    try {
      return await workerConnection(settings);
    } catch (error) {
      if (!(error instanceof ClientProblem) || error.kind !== 'unreachable') throw error;
      logger.warn({ cause: error.message }, 'waiting for Temporal');
      await delay(CONNECT_PAUSE_MS);
    }
  }
  return undefined;
}
