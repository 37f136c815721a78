/** A Temporal development server on a database file: its plan (ports, lock, arguments), and a way to run it alone. */
import path from 'node:path';
import { acquireFileLock, type FileLock } from '../../host/file-lock.ts';
import { LocalProblem } from '../local-problem.ts';
import { isListening, LOOPBACK, reservePorts } from '../ports.ts';
import type { ProcessSpec } from '../process-spec.ts';
import { createSupervisor } from '../supervisor.ts';
import type { Environment } from '../../config/environment.ts';
import { toolEnvironment } from '../tool-environment.ts';
import { isServerUsable } from './readiness.ts';
import { typeWords, type SearchAttributeKeys } from './search-attributes.ts';

export const PORT_SETTING = 'SIGNALBOX_TEMPORAL_PORT';
export const UI_PORT_SETTING = 'SIGNALBOX_TEMPORAL_UI_PORT';
export const DEFAULT_PORT = 7233;
export const DEFAULT_UI_PORT = 8233;

const READY_TIMEOUT_MS = 30_000;
const READY_POLL_MS = 25;
/** The server needs 1.0 to 1.3 s to stop. */
const STOP_GRACE_MS = 5_000;
const LOCK_WAIT_MS = 3_000;
const LOCK_POLL_MS = 100;

export interface TemporalServerOptions {
  readonly binary: string;
  readonly dbFile: string;
  readonly logFile: string;
  /** 0: any free port; restarts keep the same port. */
  readonly port: number;
  readonly uiPort: number;
  readonly searchAttributes: SearchAttributeKeys;
  readonly environment: Environment;
  /** Dynamic configuration of Temporal, in addition to what it always gets. */
  readonly dynamicConfig?: Readonly<Record<string, string>>;
}

export interface TemporalServerPlan {
  readonly address: string;
  readonly namespace: string;
  readonly uiUrl: string;
  /** For a supervisor; every restart uses the same ports and file. */
  readonly process: ProcessSpec;
  /** Releases the database file; call it after the process has ended. */
  release(): void;
}

export interface RunningTemporalServer {
  readonly address: string;
  readonly namespace: string;
  readonly uiUrl: string;
  readonly pid: number;
  stop(): Promise<void>;
}

const NAMESPACE = 'default';

/** Locks the database file and finds the ports; starts nothing. */
export async function planTemporalServer(options: TemporalServerOptions): Promise<TemporalServerPlan> {
  const lock = await lockDatabase(options.dbFile);
  try {
    const [port = 0, uiPort = 0] = await reservePorts([
      { port: options.port, what: 'Temporal', setting: PORT_SETTING },
      { port: options.uiPort, what: "Temporal's Web UI", setting: UI_PORT_SETTING },
    ]);
    const address = `${LOOPBACK}:${port}`;
    const process = serverProcess({ ...options, port, uiPort }, lock);
    return {
      address,
      namespace: NAMESPACE,
      uiUrl: `http://${LOOPBACK}:${uiPort}`,
      process,
      release: () => lock.release(),
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Starts the server without restarts. Stops it when the signal aborts, also during start. */
export async function startTemporalServer(
  options: TemporalServerOptions,
  signal?: AbortSignal,
): Promise<RunningTemporalServer> {
  const plan = await planTemporalServer(options);
  const supervisor = createSupervisor({ onEvent: () => undefined });
  const stop = async (): Promise<void> => {
    signal?.removeEventListener('abort', stopNow);
    await supervisor.stop();
    plan.release();
  };
  const stopNow = (): void => void stop();
  try {
    if (signal?.aborted === true) throw new LocalProblem('stopped', 'temporal was stopped');
    signal?.addEventListener('abort', stopNow);
    await supervisor.start([{ ...plan.process, restart: 'never' }]);
  } catch (error) {
    await stop();
    throw error;
  }
  const pid = supervisor.processes()[0]?.pid ?? 0;
  return { address: plan.address, namespace: plan.namespace, uiUrl: plan.uiUrl, pid, stop };
}

/**
 * Two servers on one file would both start and steal each other's work, so the file has a lock. This process and the
 * server hold it. If the owner was killed, its server needs a moment to end; this waits for it.
 */
async function lockDatabase(dbFile: string): Promise<FileLock> {
  const deadline = Date.now() + LOCK_WAIT_MS;
  for (;;) {
    const answer = acquireFileLock(`${path.resolve(dbFile)}.lock`);
    if (answer.kind === 'acquired') return answer.lock;
    if (answer.ownerAlive || Date.now() > deadline) {
      throw new LocalProblem('database-in-use', {
        what: `the Temporal database ${dbFile} is in use by process ${answer.pid}`,
        fix: 'stop that process first',
      });
    }
    await new Promise(resolve => setTimeout(resolve, LOCK_POLL_MS));
  }
}

function serverProcess(options: TemporalServerOptions, lock: FileLock): ProcessSpec {
  const address = `${LOOPBACK}:${options.port}`;
  const { searchAttributes } = options;
  return {
    name: 'temporal',
    command: options.binary,
    args: serverArguments(options),
    env: toolEnvironment(options.environment),
    logFile: options.logFile,
    parentWatch: 'guard',
    stopGraceMs: STOP_GRACE_MS,
    // The server picks internal ports itself; another process can take one of them before it binds.
    startAttemptsMax: 3,
    onSpawn: pid => lock.addHolder(pid),
    readiness: {
      by: 'probe',
      probe: async () =>
        (await isListening(options.port)) &&
        isServerUsable({ address, namespace: NAMESPACE, searchAttributes }),
      timeoutMs: READY_TIMEOUT_MS,
      pollMs: READY_POLL_MS,
    },
  };
}

function serverArguments(options: TemporalServerOptions): readonly string[] {
  const dynamic = {
    // By default each task waits 50 ms after a short burst.
    'history.transferProcessorMaxPollRPS': '1000',
    // Fairness between repositories. Without it, and with several partitions, a queue is not even first in, first out.
    'matching.enableFairness': 'true',
    'matching.numTaskqueueReadPartitions': '1',
    'matching.numTaskqueueWritePartitions': '1',
    ...options.dynamicConfig,
  };
  return [
    ...[
      'server',
      'start-dev',
      '--ip',
      LOOPBACK,
      '--port',
      String(options.port),
      '--ui-port',
      String(options.uiPort),
    ],
    // Write-ahead logging: 4 instead of 16 disk flushes for each workflow start.
    ...['--db-filename', path.resolve(options.dbFile), '--sqlite-pragma', 'journal_mode=wal'],
    ...Object.entries(dynamic).flatMap(([key, value]) => ['--dynamic-config-value', `${key}=${value}`]),
    ...options.searchAttributes.flatMap(({ name, type }) => [
      '--search-attribute',
      `${name}=${typeWords[type]}`,
    ]),
    ...['--log-level', 'warn', '--ui-disable-news-fetch'],
  ];
}
