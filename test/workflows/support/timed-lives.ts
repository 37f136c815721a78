/**
 * Issues on Temporal's time-skipping test server: time passes only when a test skips it, days in milliseconds. One
 * environment per test file. That server supports neither lists nor schedules.
 */
import { afterAll, beforeAll } from '@jest/globals';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { archiveAudit } from '../../../src/activities/scheduler/audit.ts';
import { joinLine } from '../../../src/activities/scheduler/join-line.ts';
import { createLocalDirectoryStore } from '../../../src/artifacts/local-directory.ts';
import { mergeLines } from '../../../src/client/temporal/line.ts';
import { connectTemporal, type Temporal, temporalSettings } from '../../../src/client/temporal/connection.ts';
import { ourSearchAttributes, typeNumbers } from '../../../src/local/temporal-server/search-attributes.ts';
import { installQuietRuntime } from '../../client/temporal/quiet-runtime.ts';
import type { Script } from '../../client/temporal/script.ts';
import { workerStarter } from '../../client/temporal/stage.ts';
import { createWorld, type World } from '../../client/temporal/world.ts';
import { temporaryFolder } from '../../local/support.ts';
import { type Life, lifeOf } from './life.ts';

export interface TimedLives {
  readonly temporal: () => Temporal;
  begin(script?: Partial<Script>): Promise<Life>;
  /** Skips this much time; resolves when all timers within it have fired. */
  pass(ms: number): Promise<void>;
}

interface Opened {
  readonly environment: TestWorkflowEnvironment;
  readonly temporal: Temporal;
  readonly world: World;
  readonly close: () => Promise<void>;
}

export function openTimedLives(binary: string): TimedLives {
  let opened: Opened | undefined;
  let number = 1;
  const now = (): Opened => {
    if (opened === undefined) throw new Error('the server is not started yet');
    return opened;
  };
  beforeAll(async () => {
    opened = await open(binary);
  }, 120_000);
  afterAll(async () => {
    await opened?.close();
  }, 60_000);
  return {
    temporal: () => now().temporal,
    begin: async (script = {}) => {
      const life = lifeOf(now(), number++);
      await life.begin(script);
      return life;
    },
    pass: ms => now().environment.sleep(ms),
  };
}

async function open(binary: string): Promise<Opened> {
  installQuietRuntime();
  const folder = temporaryFolder();
  const environment = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path: binary } },
  });
  const { address } = environment;
  const settings = { TEMPORAL_ADDRESS: address, TEMPORAL_CONFIG_FILE: folder.file('none.toml') };
  const temporal = await connectTemporal(temporalSettings(settings));
  await addSearchAttributes(temporal);
  const store = createLocalDirectoryStore({ directory: folder.file('artifacts') });
  const world = createWorld({
    put: text => store.put(Buffer.from(text), 'text/plain'),
    archive: archiveAudit({ artifacts: store }),
    join: joinLine({ lines: mergeLines(call => call(temporal)) }),
  });
  const stopWorkers = await workerStarter(address, world)();
  const close = async (): Promise<void> => {
    await stopWorkers();
    await temporal.close();
    await environment.teardown();
    folder.remove();
  };
  return { environment, temporal, world, close };
}

async function addSearchAttributes({ connection, namespace }: Temporal): Promise<void> {
  const types = ourSearchAttributes().map(({ name, type }) => [name, typeNumbers[type]]);
  await connection.operatorService.addSearchAttributes({
    namespace,
    searchAttributes: Object.fromEntries(types) as Record<string, number>,
  });
}
