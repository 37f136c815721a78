/** A worker that must stop: work can finish in the grace time, is cancelled after it, and never keeps the process alive. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import type { WorkerOptions } from '@temporalio/worker';
import { pino } from 'pino';
import { RUNNER_QUEUE, RUNNER_SHUTDOWN, SCHEDULER_QUEUE } from '../../src/contracts/names.ts';
import { runTemporalWorker } from '../../src/workers/temporal-worker.ts';
import { heartbeatUntil, type Script } from '../client/temporal/script.ts';
import { openStage, type Stage } from '../client/temporal/stage.ts';
import { gone } from '../local/support.ts';
import { latch } from '../workflows/support/latch.ts';
import { builtWorkflows } from '../support/workflow-bundle.ts';
import { type Life, lifeOf } from '../workflows/support/life.ts';
import { type Running, runningWorker } from './support/running.ts';

let stage: Stage;
let scheduler: Running;
const runners: Running[] = [];

function run(options: Omit<WorkerOptions, 'connection' | 'namespace'>, graceSeconds: number): Running {
  const environment = { ...stage.environment, SIGNALBOX_SHUTDOWN_GRACE_SECONDS: String(graceSeconds) };
  const logger = pino({ level: 'silent' });
  const worker = runningWorker(stop =>
    runTemporalWorker({ environment, logger, stop, workers: () => Promise.resolve([options]) }),
  );
  runners.push(worker);
  return worker;
}

const runScheduler = (): Running =>
  run(
    {
      taskQueue: SCHEDULER_QUEUE,
      workflowBundle: builtWorkflows(),
      activities: { ...stage.world.scheduler },
    },
    5,
  );
const runRunner = (graceSeconds: number): Running =>
  run({ taskQueue: RUNNER_QUEUE, activities: { ...stage.world.runner } }, graceSeconds);

beforeAll(async () => {
  stage = await openStage();
  scheduler = runScheduler();
}, 120_000);
afterAll(async () => {
  for (const runner of runners) await runner.stop();
  await stage.end();
}, 60_000);

/** An issue whose run a runner is executing. */
async function beginRun(number: number, before?: Script['before']): Promise<Life> {
  const life = lifeOf(stage, number);
  await life.begin(before === undefined ? {} : { before });
  const { hold } = await life.atGate('start');
  await life.decide({ kind: 'approve', digest: hold?.digest ?? '' });
  await life.when('runs', ({ waitingOn }) => waitingOn === 'run-agent');
  return life;
}

test('a run that ends in the grace time counts, and the runner exits with 0', async () => {
  const done = latch();
  const runner = runRunner(10);
  const life = await beginRun(1, activity => (activity === 'runAgent' ? done.opened : undefined));
  await life.when('is with its runner', () => life.script.log.includes('runAgent began'));
  const code = runner.stop();
  done.open();
  expect(await code).toBe(0);
  await life.when('has its change', ({ run: last }) => last?.ending === 'patch');
  const next = runRunner(0);
  expect(await life.atGate('merge')).toMatchObject({ runs: 1 });
  expect(await next.stop()).toBe(0);
}, 60_000);

test('a run that is cancelled after the grace time counts as lost, and another runner takes the next attempt', async () => {
  const never = latch();
  const runner = runRunner(0);
  const life = await beginRun(2, async (activity, input) => {
    const { effect } = input as { readonly effect?: { readonly attempt?: number } };
    if (activity !== 'runAgent' || effect?.attempt !== 1) return;
    // Like the real runner: a cancellation by its own shutdown is not a failure of the run.
    await heartbeatUntil(never.opened).catch(() => {
      throw ApplicationFailure.nonRetryable('the runner stops', RUNNER_SHUTDOWN);
    });
  });
  await life.when('is with its runner', () => life.script.log.includes('runAgent began'));
  expect(await runner.stop()).toBe(0);
  const causes = async (): Promise<readonly string[]> => (await life.records()).map(({ cause }) => cause);
  await life.when('goes on with another attempt', ({ run: last }) => last?.runId === 'g1-a2');
  expect(await causes()).toContain('run g1-a1 ended: the host of the run was lost');
  const next = runRunner(0);
  expect(await life.atGate('merge')).toMatchObject({ runs: 2 });
  await next.stop();
}, 60_000);

test('an activity that ignores its cancellation does not keep the process alive: it exits with 1', async () => {
  const life = await beginRun(3);
  const program = fileURLToPath(new URL('programs/deaf-runner.ts', import.meta.url));
  const loader = fileURLToPath(new URL('../support/typescript.mjs', import.meta.url));
  const child = spawn(process.execPath, ['--import', loader, program], {
    env: { PATH: process.env['PATH'], ...stage.environment },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const exited = new Promise<number | null>(resolve => child.once('exit', resolve));
  await new Promise(resolve => child.stdout.once('data', resolve));
  child.kill('SIGTERM');
  expect(await exited).toBe(1);
  await gone(child.pid ?? 0);
  await life.handle.terminate();
}, 60_000);

test('a scheduler that stops during an effect lets it end, and another scheduler continues after it', async () => {
  const done = latch();
  const runner = runRunner(0);
  const life = lifeOf(stage, 4);
  await life.begin({ before: activity => (activity === 'openPullRequest' ? done.opened : undefined) });
  const { hold } = await life.atGate('start');
  await life.decide({ kind: 'approve', digest: hold?.digest ?? '' });
  await life.when('opens the pull request', () => life.script.log.includes('openPullRequest began'));
  const code = scheduler.stop();
  done.open();
  expect(await code).toBe(0);
  expect(life.script.log).toContain('openPullRequest ended');
  scheduler = runScheduler();
  await life.atGate('merge');
  expect(life.script.inputs['openPullRequest']).toHaveLength(1);
  await runner.stop();
}, 60_000);
