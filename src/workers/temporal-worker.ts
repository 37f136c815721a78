/** Runs Temporal workers over one connection: retries to connect, and stops gracefully on SIGTERM and SIGINT, then forcibly. */
import { NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import type { Logger } from 'pino';
import { type Environment, processSettings } from '../config/environment.ts';
import { temporalSettings } from '../client/temporal/connection.ts';
import { announceReady } from '../host/parent-watch.ts';

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
}

/** Resolves to the exit code. */
export async function runTemporalWorker(plan: WorkerPlan): Promise<number> {
  const { environment, logger, stop } = plan;
  const settings = temporalSettings(environment);
  const connection = await connectWithRetries(settings, logger, stop);
  if (connection === undefined) return 0;
  try {
    await runWorkers(plan, { connection, namespace: settings.namespace });
    return 0;
  } catch (error) {
    logger.error(
      { error: error instanceof Error ? error.message : String(error) },
      'worker ended with an error',
    );
    return 1;
  } finally {
    await connection.close().catch(() => undefined);
  }
}

/** The workers start together; when one ends, all end. */
async function runWorkers(plan: WorkerPlan, reached: Reached): Promise<void> {
  const { environment, logger, alongside, stop, cancelTimeoutMs = CANCEL_TIMEOUT_MS } = plan;
  const graceMs = processSettings(environment).SIGNALBOX_SHUTDOWN_GRACE_SECONDS * 1_000;
  const workers: Worker[] = [];
  for (const options of await plan.workers(reached))
    workers.push(
      await Worker.create({
        shutdownGraceTime: graceMs,
        shutdownForceTime: graceMs + cancelTimeoutMs,
        // A run gets its cancellation with the next heartbeat: after half a second instead of five (measured).
        maxHeartbeatThrottleInterval: '1 second',
        ...options,
        ...reached,
      }),
    );
  const end = (): void => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  const running = workers.map(worker => worker.run().finally(end));
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

type Settings = ReturnType<typeof temporalSettings>;

/** A worker can start before its server: it tries until it must stop. */
async function connectWithRetries(
  settings: Settings,
  logger: Logger,
  stop: AbortSignal,
): Promise<NativeConnection | undefined> {
  let logged = false;
  while (!stop.aborted) {
    try {
      const { address, tls, apiKey, metadata } = settings.options;
      return await NativeConnection.connect({
        ...(address === undefined ? {} : { address }),
        ...(tls === undefined ? {} : { tls }),
        ...(typeof apiKey === 'string' ? { apiKey } : {}),
        ...(metadata === undefined ? {} : { metadata }),
      });
    } catch (error) {
      if (!logged)
        logger.warn(
          { temporal: settings.address, error: error instanceof Error ? error.message : '' },
          'cannot reach Temporal yet',
        );
      logged = true;
      await new Promise(resolve => setTimeout(resolve, CONNECT_PAUSE_MS));
    }
  }
  return undefined;
}
