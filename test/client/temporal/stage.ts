/** A real Temporal server and real workers with the real issue workflow, and a made-up GitHub and agent. */
import { NativeConnection, Worker } from '@temporalio/worker';
import { defineSearchAttributeKey } from '@temporalio/common';
import { archiveAudit } from '../../../src/activities/scheduler/audit.ts';
import { joinLine } from '../../../src/activities/scheduler/join-line.ts';
import { createLocalDirectoryStore } from '../../../src/artifacts/local-directory.ts';
import { obtainTemporalServer } from '../../../src/local/temporal-server/obtain.ts';
import {
  type RunningTemporalServer,
  startTemporalServer,
} from '../../../src/local/temporal-server/dev-server.ts';
import { connectTemporal, type Temporal, temporalSettings } from '../../../src/client/temporal/connection.ts';
import { mergeLines } from '../../../src/client/temporal/line.ts';
import { pollersOf } from '../../../src/client/temporal/queues.ts';
import { RUNNER_QUEUE, SCHEDULER_QUEUE, SEARCH_ATTRIBUTES } from '../../../src/contracts/names.ts';
import { temporaryFolder } from '../../local/support.ts';
import { until } from '../../support/until.ts';
import { builtWorkflows } from '../../support/workflow-bundle.ts';
import { installQuietRuntime } from './quiet-runtime.ts';
import { createWorld, type World } from './world.ts';

export interface Stage {
  readonly server: RunningTemporalServer;
  readonly temporal: Temporal;
  readonly world: World;
  /** Settings that point to this stage only. */
  readonly environment: Readonly<Record<string, string>> & { readonly SIGNALBOX_DATA_DIR: string };
  /** Starts scheduler and runner; returns the function that stops them. */
  startWorkers(): Promise<() => Promise<void>>;
  end(): Promise<void>;
}

export interface StageOptions {
  /** Additional dynamic configuration of the server. */
  readonly dynamicConfig?: Readonly<Record<string, string>>;
}

export async function openStage({ dynamicConfig = {} }: StageOptions = {}): Promise<Stage> {
  installQuietRuntime();
  const folder = temporaryFolder();
  const source = await obtainTemporalServer({ environment: { ...process.env, TEMPORAL_ADDRESS: '' } });
  if (source.kind !== 'binary') throw new Error('a binary is needed');
  const server = await startTemporalServer({
    ...{ binary: source.path, dbFile: folder.file('temporal.db'), logFile: folder.file('temporal.log') },
    ...{ port: 0, uiPort: 0, environment: process.env, dynamicConfig },
    searchAttributes: Object.entries(SEARCH_ATTRIBUTES).map(([name, type]) =>
      type === 'Int' ? defineSearchAttributeKey(name, 'INT') : defineSearchAttributeKey(name, 'KEYWORD'),
    ),
  });
  const environment = {
    TEMPORAL_ADDRESS: server.address,
    TEMPORAL_CONFIG_FILE: folder.file('none.toml'),
    SIGNALBOX_USER: 'alice',
    SIGNALBOX_DATA_DIR: folder.file('data'),
  };
  const temporal = await connectTemporal(temporalSettings(environment));
  const store = createLocalDirectoryStore({ directory: folder.file('data/artifacts') });
  const world = createWorld({
    put: text => store.put(Buffer.from(text), 'text/plain'),
    archive: archiveAudit({ artifacts: store }),
    join: joinLine({ lines: mergeLines(call => call(temporal)) }),
  });
  const end = async (): Promise<void> => {
    await temporal.close();
    await server.stop();
    folder.remove();
  };
  const start = workerStarter(server.address, world);
  const startWorkers = async (): Promise<() => Promise<void>> => {
    const stop = await start();
    // A worker asks for its first task some time after `run`; until then the server knows of no scheduler.
    await until('a scheduler asks for tasks', async () => {
      const pollers = await pollersOf(temporal, { queue: SCHEDULER_QUEUE, kind: 'workflow' });
      return pollers.length > 0 ? true : undefined;
    });
    return stop;
  };
  return { server, temporal, world, environment, startWorkers, end };
}

/** Starts scheduler and runner on the server at this address. */
export function workerStarter(address: string, world: World): Stage['startWorkers'] {
  return async () => {
    const connection = await NativeConnection.connect({ address });
    const common = { connection, shutdownForceTime: '3s', maxHeartbeatThrottleInterval: '200ms' };
    const scheduler = await Worker.create({
      ...common,
      taskQueue: SCHEDULER_QUEUE,
      workflowBundle: builtWorkflows(),
      activities: world.scheduler,
    });
    const runner = await Worker.create({ ...common, taskQueue: RUNNER_QUEUE, activities: world.runner });
    const ended = Promise.all([scheduler.run(), runner.run()]);
    return async () => {
      scheduler.shutdown();
      runner.shutdown();
      await ended;
      await connection.close();
    };
  };
}
