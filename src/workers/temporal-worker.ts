/** Runs Temporal workers over one connection to their end: connects with patience, stops in order on SIGTERM and SIGINT, then for good. */
import { NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import type { Logger } from 'pino';
import { type Environment, processSettings } from '../config/environment.ts';
import { temporalSettings } from '../client/temporal/connection.ts';
import { announceReady } from '../host/parent-watch.ts';

const CONNECT_PAUSE_MS = 250;
/** After the grace time activities are called off; one that does not return even then must not keep the process. */
const CALLED_OFF_MS = 15_000;

export interface Reached {
  readonly connection: NativeConnection;
  readonly namespace: string;
}

export interface WorkerPlan {
  readonly environment: Environment;
  readonly logger: Logger;
  /** The workers to run, once Temporal is reached. */
  readonly workers: (reached: Reached) => Promise<readonly Omit<WorkerOptions, 'connection' | 'namespace'>[]>;
  /** Beside the workers, until they are over; reports its own troubles. */
  readonly beside?: (reached: Reached, over: AbortSignal) => Promise<void>;
  /** How long activities that were called off may take to end, before they are left to the end of the process. */
  readonly calledOffMs?: number;
  readonly stop: AbortSignal;
}

/** Answers the exit code. */
export async function runTemporalWorker(plan: WorkerPlan): Promise<number> {
  const { environment, logger, stop } = plan;
  const settings = temporalSettings(environment);
  const connection = await connectWithPatience(settings, logger, stop);
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

/** They start together, and when one ends all do. */
async function runWorkers(plan: WorkerPlan, reached: Reached): Promise<void> {
  const { environment, logger, beside, stop, calledOffMs = CALLED_OFF_MS } = plan;
  const graceMs = processSettings(environment).SIGNALBOX_SHUTDOWN_GRACE_SECONDS * 1_000;
  const workers: Worker[] = [];
  for (const options of await plan.workers(reached))
    workers.push(
      await Worker.create({
        shutdownGraceTime: graceMs,
        shutdownForceTime: graceMs + calledOffMs,
        // Cancellation reaches a run with the next heartbeat: half a second instead of five (measured).
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
  const aside = beside?.(reached, over.signal);
  const ends = await Promise.allSettled(running);
  over.abort();
  await aside;
  for (const ended of ends) if (ended.status === 'rejected') throw ended.reason;
}

type Settings = ReturnType<typeof temporalSettings>;

/** A worker may start before its server, or outlive it: it tries until it is told to stop. */
async function connectWithPatience(
  settings: Settings,
  logger: Logger,
  stop: AbortSignal,
): Promise<NativeConnection | undefined> {
  let told = false;
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
      if (!told)
        logger.warn(
          { temporal: settings.address, error: error instanceof Error ? error.message : '' },
          'Temporal cannot be reached yet',
        );
      told = true;
      await new Promise(resolve => setTimeout(resolve, CONNECT_PAUSE_MS));
    }
  }
  return undefined;
}
