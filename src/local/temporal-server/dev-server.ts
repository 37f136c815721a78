/** A Temporal development server on a database file: its plan (ports, lock, arguments) and, for those who want no supervisor, its run. */
import path from 'node:path';
import { acquireFileLock, type FileLock } from '../../host/file-lock.ts';
import { LocalProblem } from '../local-problem.ts';
import { isListening, loopback, reservePorts } from '../ports.ts';
import type { ProcessSpec } from '../process-spec.ts';
import { createSupervisor } from '../supervisor.ts';
import type { Environment } from '../../config/environment.ts';
import { toolEnvironment } from '../tool-environment.ts';
import { isServerUsable } from './readiness.ts';
import { typeWords, type SearchAttributeKeys } from './search-attributes.ts';

export const portSetting = 'SIGNALBOX_TEMPORAL_PORT';
export const uiPortSetting = 'SIGNALBOX_TEMPORAL_UI_PORT';
export const defaultPort = 7233;
export const defaultUiPort = 8233;

const readyTimeoutMs = 30_000;
const readyPollMs = 25;
/** It needs 1.0 to 1.3 s to stop. */
const stopGraceMs = 5_000;
const lockWaitMs = 3_000;
const lockPollMs = 100;

export interface TemporalServerOptions {
  readonly binary: string;
  readonly dbFile: string;
  readonly logFile: string;
  /** 0: any free port, the same again at every restart. */
  readonly port: number;
  readonly uiPort: number;
  readonly searchAttributes: SearchAttributeKeys;
  readonly environment: Environment;
  /** Temporal's own settings, beside those that it always gets. */
  readonly dynamicConfig?: Readonly<Record<string, string>>;
}

export interface TemporalServerPlan {
  readonly address: string;
  readonly namespace: string;
  readonly uiUrl: string;
  /** For a supervisor; every restart is on the same ports and file. */
  readonly process: ProcessSpec;
  /** Frees the database file for others; call it when the process has ended. */
  release(): void;
}

export interface RunningTemporalServer {
  readonly address: string;
  readonly namespace: string;
  readonly uiUrl: string;
  readonly pid: number;
  stop(): Promise<void>;
}

const namespace = 'default';

/** Takes the database file's lock and finds the ports; nothing runs yet. */
export async function planTemporalServer(options: TemporalServerOptions): Promise<TemporalServerPlan> {
  const lock = await lockDatabase(options.dbFile);
  try {
    const [port = 0, uiPort = 0] = await reservePorts([
      { port: options.port, what: 'Temporal', setting: portSetting },
      { port: options.uiPort, what: "Temporal's Web UI", setting: uiPortSetting },
    ]);
    const address = `${loopback}:${port}`;
    const process = serverProcess({ ...options, port, uiPort }, lock);
    return {
      address,
      namespace,
      uiUrl: `http://${loopback}:${uiPort}`,
      process,
      release: () => lock.release(),
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Without restarts. Stops when the signal says so, also during start. */
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
 * Two servers on one file both start and steal each other's work, so the file has a lock. It lasts as long as we or
 * the server live: after our sudden death the server needs a moment to end, which is waited for.
 */
async function lockDatabase(dbFile: string): Promise<FileLock> {
  const deadline = Date.now() + lockWaitMs;
  for (;;) {
    const answer = acquireFileLock(`${path.resolve(dbFile)}.lock`);
    if (answer.kind === 'acquired') return answer.lock;
    if (answer.ownerAlive || Date.now() > deadline) {
      throw new LocalProblem(
        'database-in-use',
        `the Temporal database ${dbFile} is in use by process ${answer.pid}: stop that one first`,
      );
    }
    await new Promise(resolve => setTimeout(resolve, lockPollMs));
  }
}

function serverProcess(options: TemporalServerOptions, lock: FileLock): ProcessSpec {
  const address = `${loopback}:${options.port}`;
  const { searchAttributes } = options;
  return {
    name: 'temporal',
    command: options.binary,
    args: serverArguments(options),
    env: toolEnvironment(options.environment),
    logFile: options.logFile,
    parentWatch: 'guard',
    stopGraceMs,
    // It looks for inner ports of its own, which somebody else may take in that moment.
    startAttemptsMax: 3,
    onSpawn: pid => lock.addHolder(pid),
    readiness: {
      by: 'probe',
      probe: async () =>
        (await isListening(options.port)) && isServerUsable({ address, namespace, searchAttributes }),
      timeoutMs: readyTimeoutMs,
      pollMs: readyPollMs,
    },
  };
}

function serverArguments(options: TemporalServerOptions): readonly string[] {
  const dynamic = {
    // By default each hop waits 50 ms after a short burst.
    'history.transferProcessorMaxPollRPS': '1000',
    // Fairness between repositories; without it and with more than one partition the queue is not even first in, first out.
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
      loopback,
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
