/** Two versions of the workflow code on a real server: an old run continues, a new run uses the new code, none is stuck. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { createLocalDirectoryStore } from '../../src/artifacts/local-directory.ts';
import { startScan } from '../../src/client/temporal/scan.ts';
import { processSettings } from '../../src/config/environment.ts';
import { layoutOf } from '../../src/config/layout.ts';
import type { ScanActivities } from '../../src/contracts/activities.ts';
import { RUNNER_QUEUE, SCHEDULER_QUEUE } from '../../src/contracts/names.ts';
import { wakeOlderIssues, schedulerWorkers } from '../../src/workers/scheduler-workers.ts';
import { runTemporalWorker } from '../../src/workers/temporal-worker.ts';
import { buildOf, keptBuild, installedBuild, type WorkflowBuild } from '../../src/workers/workflow-build.ts';
import { heartbeatUntil } from '../client/temporal/script.ts';
import { openStage, type Stage } from '../client/temporal/stage.ts';
import { bundleOf } from '../replay/support/bundle.ts';
import { until } from '../support/until.ts';
import { latch } from '../workflows/support/latch.ts';
import { type Life, lifeOf } from '../workflows/support/life.ts';
import { type Running, runningWorker } from './support/running.ts';

/** A change of the rules with which no older history replays: the start gate comes after the claim. */
const OTHER_ORDER = {
  file: 'src/domain/next-step.ts',
  from: '  started,\n  claimed,\n',
  to: '  claimed,\n  started,\n',
};

let stage: Stage;
let before: WorkflowBuild;
let after: WorkflowBuild;
const stops: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  stage = await openStage();
  before = buildOf((await bundleOf()).code);
  after = buildOf((await bundleOf(OTHER_ORDER)).code);
}, 120_000);
afterAll(async () => {
  for (const stop of stops) await stop();
  await stage.end();
}, 60_000);

function running(run: (stop: AbortSignal) => Promise<number>): Running {
  const worker = runningWorker(run);
  stops.push(worker.stop);
  return worker;
}

/** The scheduler as in production, with this code and simulated activities. */
function runScheduler(build: WorkflowBuild, more: Readonly<Record<string, string>> = {}): Running {
  const environment = { ...stage.environment, SIGNALBOX_SHUTDOWN_GRACE_SECONDS: '1', ...more };
  const settings = processSettings(environment);
  const artifacts = createLocalDirectoryStore({ directory: layoutOf(settings).artifacts });
  const logger = pino({ level: 'silent' });
  const activities = { ...stage.world.scheduler, ...scanActivities };
  const options = { taskQueue: SCHEDULER_QUEUE, activities };
  return running(signal =>
    runTemporalWorker({
      ...{ environment, logger, stop: signal },
      workers: reached => schedulerWorkers({ settings, artifacts, logger, build, options }, reached),
      alongside: (reached, over) =>
        wakeOlderIssues({ ...reached, name: settings.SIGNALBOX_DEPLOYMENT }, logger, over),
    }),
  );
}

/** The first scan never ends by itself, as when its scheduler is killed. */
let scans = 0;
const scanActivities: ScanActivities = {
  scanRepository: async () => {
    scans += 1;
    if (scans === 1) await heartbeatUntil(latch().opened);
    return { issues: [], full: false, label: 'ai' };
  },
  startIssues: () => Promise.resolve({ started: 0 }),
};

function runRunner(): Running {
  const environment = { ...stage.environment, SIGNALBOX_SHUTDOWN_GRACE_SECONDS: '1' };
  const options = { taskQueue: RUNNER_QUEUE, activities: { ...stage.world.runner } };
  const logger = pino({ level: 'silent' });
  return running(stop =>
    runTemporalWorker({ environment, logger, stop, workers: () => Promise.resolve([options]) }),
  );
}

async function begun(number: number, script: Parameters<Life['begin']>[0] = {}): Promise<Life> {
  const life = lifeOf(stage, number);
  await life.begin(script);
  return life;
}

/** The build that the latest run of the issue's workflow is pinned to. */
async function buildOfRun(life: Life): Promise<string> {
  const { raw } = await life.handle.describe();
  return raw.workflowExecutionInfo?.versioningInfo?.deploymentVersion?.buildId ?? '';
}

const onBuild = (life: Life, { buildId }: WorkflowBuild): Promise<true> =>
  until(
    `#${life.number} on the build`,
    async () => ((await buildOfRun(life)) === buildId ? true : undefined),
    60_000,
  );

test('the same sources result in the same build, so a restart is not a new version', async () => {
  expect((await installedBuild()).buildId).toBe(before.buildId);
  expect(before.buildId).not.toBe(after.buildId);
});

test('when the rules change, issues at rest move to the new code, and a running one moves after its run', async () => {
  const runner = runRunner();
  const old = runScheduler(before);
  const done = latch();
  const parked = await begun(1);
  const busy = await begun(2, {
    before: activity => (activity === 'runAgent' ? heartbeatUntil(done.opened) : undefined),
  });
  await parked.atGate('start');
  expect(await buildOfRun(parked)).toBe(before.buildId);
  const { hold } = await busy.atGate('start');
  await busy.decide({ kind: 'approve', digest: hold?.digest ?? '' });
  await busy.when('runs', ({ waitingOn }) => waitingOn === 'run-agent');
  expect(await old.stop()).toBe(0);

  // From here on only the new code is installed; the old code comes from the artifact store.
  const present = runScheduler(after);
  const fresh = await begun(3);
  // In the new order the claim comes before the gate.
  await fresh.atGate('start');
  expect(fresh.script.log).toContain('claimBranch ended');
  expect(await buildOfRun(fresh)).toBe(after.buildId);

  // No one acted on it: it was woken and continued from its state with the new rules.
  await onBuild(parked, after);
  await until('claimed by the new rules', () =>
    parked.script.log.includes('claimBranch ended') ? true : undefined,
  );
  await parked.atGate('start');

  // During a run it stays with the code that it started with: an update gets its answer, and the run is kept.
  expect(await buildOfRun(busy)).toBe(before.buildId);
  await busy.decide({ kind: 'assign-release-owner', to: 'rita' });
  done.open();
  await busy.atGate('merge');
  await onBuild(busy, after);
  expect(busy.script.inputs['runAgent']).toHaveLength(1);

  for (const life of [parked, busy, fresh])
    expect(await life.toEnd()).toMatchObject({ stage: 'release-verified', runs: 1 });
  expect((await busy.view()).releaseOwner).toBe('rita');
  expect(await present.stop()).toBe(0);
  expect(await runner.stop()).toBe(0);
}, 120_000);

test('with SIGNALBOX_ROLLOUT=by-hand a starting scheduler does not change the current code', async () => {
  const runner = runRunner();
  // The last test made the new code current.
  const present = runScheduler(after);
  const other = runScheduler(before, { SIGNALBOX_ROLLOUT: 'by-hand' });
  const life = await begun(4);
  await life.atGate('start');
  expect(await buildOfRun(life)).toBe(after.buildId);
  await Promise.all([present.stop(), other.stop(), runner.stop()]);
}, 60_000);

test('the artifact store keeps the code of an issue byte for byte and returns undefined for an unknown build', async () => {
  const { artifacts } = layoutOf(processSettings(stage.environment));
  const store = createLocalDirectoryStore({ directory: artifacts });
  expect(await keptBuild(store, before.buildId)).toEqual(before);
  expect(await keptBuild(store, 'f'.repeat(64))).toBeUndefined();
  expect(await keptBuild(store, 'not a build')).toBeUndefined();
});

test('a scan whose code nobody has any more goes on with the current code', async () => {
  const old = runScheduler(before);
  const scan = await startScan(stage.temporal, { owner: 'acme', repo: 'profile' });
  await until('the scan is asked for', () => (scans === 1 ? true : undefined), 60_000);
  await old.stop();
  // Another artifact store: the old code is not there.
  const present = runScheduler(after, { SIGNALBOX_DATA_DIR: await mkdtemp(join(tmpdir(), 'versions-')) });
  expect(await scan.result()).toEqual({ started: 0 });
  expect(scans).toBe(2);
  await present.stop();
}, 90_000);
