/** Issues whose scheduler was killed and whose code is gone: found within a minute, moved by one command, and finished. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { createLocalDirectoryStore } from '../../src/artifacts/local-directory.ts';
import { moveCommand } from '../../src/client/cli/commands/move.ts';
import { unservedIssues } from '../../src/client/temporal/unserved.ts';
import { lastPolls, pinnedCode } from '../../src/client/temporal/workflow-code.ts';
import { processSettings } from '../../src/config/environment.ts';
import { layoutOf } from '../../src/config/layout.ts';
import { RUNNER_QUEUE, SCHEDULER_QUEUE } from '../../src/contracts/names.ts';
import { openReplay } from '../../src/workers/replay.ts';
import { schedulerWorkers } from '../../src/workers/scheduler-workers.ts';
import { runTemporalWorker } from '../../src/workers/temporal-worker.ts';
import { watchUnserved } from '../../src/workers/unserved-watch.ts';
import { buildOf, keptBuild, type WorkflowBuild } from '../../src/workers/workflow-build.ts';
import { cli, expectOneLine, jsonOf, type Ran } from '../client/cli/support/cli.ts';
import { openStage, type Stage } from '../client/temporal/stage.ts';
import { gone } from '../local/support.ts';
import { bundleOf } from '../replay/support/bundle.ts';
import { until } from '../support/until.ts';
import { type Life, lifeOf } from '../workflows/support/life.ts';
import { type Running, runningWorker } from './support/running.ts';

/** Other code with the same commands. */
const SAME_COMMANDS = {
  file: 'src/workflows/issue.ts',
  from: "if (!woke) this.push({ type: 'timer' });",
  to: "if (woke === false) this.push({ type: 'timer' });",
};
/** Other code with other commands: the start gate comes after the claim. */
const OTHER_COMMANDS = {
  file: 'src/domain/next-step.ts',
  from: '  started,\n  claimed,\n',
  to: '  claimed,\n  started,\n',
};

let stage: Stage;
let old: WorkflowBuild;
let same: WorkflowBuild;
let other: WorkflowBuild;
let killed: ChildProcess | undefined;
const stops: (() => Promise<unknown>)[] = [];
const lives: Life[] = [];

beforeAll(async () => {
  stage = await openStage();
  old = buildOf((await bundleOf()).code);
  same = buildOf((await bundleOf(SAME_COMMANDS)).code);
  other = buildOf((await bundleOf(OTHER_COMMANDS)).code);
}, 120_000);
afterAll(async () => {
  killed?.kill('SIGKILL');
  for (const stop of stops) await stop();
  await stage.end();
}, 60_000);

const artifacts = () =>
  createLocalDirectoryStore({ directory: layoutOf(processSettings(stage.environment)).artifacts });
const logger = pino({ level: 'silent' });

/** A scheduler of this build in a process of its own. */
function spawnScheduler({ code }: WorkflowBuild): ChildProcess {
  const file = join(stage.environment.SIGNALBOX_DATA_DIR, 'bundle.js');
  mkdirSync(stage.environment.SIGNALBOX_DATA_DIR, { recursive: true });
  writeFileSync(file, code);
  const program = fileURLToPath(new URL('programs/scheduler.ts', import.meta.url));
  const loader = fileURLToPath(new URL('../support/typescript.mjs', import.meta.url));
  return spawn(process.execPath, ['--import', loader, program, file], {
    env: { PATH: process.env['PATH'], ...stage.environment },
    stdio: 'ignore',
  });
}

function running(run: (stop: AbortSignal) => Promise<number>): Running {
  const worker = runningWorker(run);
  stops.push(worker.stop);
  return worker;
}

function runScheduler(build: WorkflowBuild): Running {
  const environment = { ...stage.environment, SIGNALBOX_SHUTDOWN_GRACE_SECONDS: '1' };
  const settings = processSettings(environment);
  const options = { taskQueue: SCHEDULER_QUEUE, activities: { ...stage.world.scheduler } };
  return running(stop =>
    runTemporalWorker({
      ...{ environment, logger, stop },
      workers: reached =>
        schedulerWorkers({ settings, artifacts: artifacts(), logger, build, options }, reached),
    }),
  );
}

function runRunner(): Running {
  const options = { taskQueue: RUNNER_QUEUE, activities: { ...stage.world.runner } };
  const { environment } = stage;
  return running(stop =>
    runTemporalWorker({ environment, logger, stop, workers: () => Promise.resolve([options]) }),
  );
}

const ask = (...args: string[]): Promise<Ran> =>
  cli(args, {
    environment: stage.environment,
    extraCommands: { move: () => Promise.resolve(moveCommand(openReplay)) },
  });

const first = (): Life => {
  const [life] = lives;
  if (life === undefined) throw new Error('no issue was begun');
  return life;
};

const buildOfRun = async ({ handle }: Life): Promise<string | undefined> =>
  (await pinnedCode(stage.temporal, handle.workflowId)).code?.buildId;

/** Removes code from the artifact store, as a lost volume does. */
function lose({ buildId }: WorkflowBuild): void {
  const { artifacts: folder } = layoutOf(processSettings(stage.environment));
  rmSync(join(folder, 'sha256', buildId.slice(0, 2), buildId.slice(2)), { force: true });
}

test('while its scheduler lives, no issue is without a worker', async () => {
  killed = spawnScheduler(old);
  const polls = async (): Promise<true | undefined> =>
    (await lastPolls(stage.temporal)).size > 0 ? true : undefined;
  await until('the scheduler polls', polls, 60_000);
  for (const number of [1, 2]) {
    const life = lifeOf(stage, number);
    lives.push(life);
    await life.begin();
    await life.atGate('start');
  }
  expect(await unservedIssues(stage.temporal)).toEqual([]);
  const ran = await ask('move', '--all');
  expect(ran).toMatchObject({ code: 0, stderr: 'every issue is on workflow code that a scheduler runs\n' });
}, 60_000);

test('when the scheduler is killed and its code is lost, list, explain, the log and the count tell within a minute', async () => {
  const warned: string[] = [];
  const counts: number[] = [];
  const over = new AbortController();
  const watch = watchUnserved(
    {
      temporal: () => Promise.resolve(stage.temporal),
      logger: { warn: (_fields: object, text: string) => warned.push(text), info: () => undefined } as never,
      onCount: count => counts.push(count),
      everyMs: 500,
    },
    over.signal,
  );
  killed?.kill('SIGKILL');
  await gone(killed?.pid ?? 0);
  lose(old);
  expect(await keptBuild(artifacts(), old.buildId)).toBeUndefined();
  runScheduler(other);
  await until('counted', () => (counts.at(-1) === 2 ? true : undefined), 60_000);
  await until(
    'counted again',
    () => (counts.filter(count => count === 2).length > 2 ? true : undefined),
    60_000,
  );
  over.abort();
  await watch;
  expect(warned).toEqual(['issues are on workflow code that no scheduler runs; nothing happens in them']);

  const short = old.buildId.slice(0, 12);
  const listed = await ask('list');
  expect(listed.stdout).toContain(`a scheduler with build ${short}`);
  expect(listed.stderr).toContain(
    '2 issues on workflow code that no scheduler runs (see `signalbox move --help`)',
  );
  expect(jsonOf(await ask('list', '--json'))).toMatchObject([
    { unservedBuild: old.buildId },
    { unservedBuild: old.buildId },
  ]);
  expect((await ask('explain', 'Acme/profile#1')).stdout).toContain(
    `no scheduler runs its workflow code (build ${short}). Fix: start a scheduler that has this build, or move the issue to the current build with \`signalbox move Acme/profile#1\``,
  );
}, 120_000);

test('an issue is not moved to code that gives other commands: it is named, and stays as it was', async () => {
  const ran = await ask('move', 'Acme/profile#1', '--json');
  expect(ran.code).toBe(1);
  expect(JSON.parse(ran.stdout)).toMatchObject({
    issue: 'acme/profile#1',
    result: 'refused',
    to: other.buildId,
  });
  expectOneLine(ran, /1 issue of 1 cannot be moved\. Fix: .*artifact store/);
  expect(await buildOfRun(first())).toBe(old.buildId);
}, 60_000);

test('a build that no scheduler runs is refused as a target', async () => {
  const ran = await ask('move', '--all', '--to', 'f'.repeat(64));
  expect(ran.code).toBe(4);
  expectOneLine(ran, /no scheduler runs build ffffffffffff\. Fix: start a scheduler/);
});

test('with code of the same commands one command moves all issues, and they go on to the end; nothing is repeated', async () => {
  for (const stop of stops.splice(0)) await stop();
  runScheduler(same);
  runRunner();
  await until(
    'the new code is current',
    async () => {
      const ran = await ask('move', '--all', '--dry-run');
      return ran.stdout.includes(`can be moved to build ${same.buildId.slice(0, 12)}`) ? true : undefined;
    },
    60_000,
  );
  expect(await buildOfRun(first())).toBe(old.buildId);

  const ran = await ask('move', '--all');
  expect(ran).toMatchObject({ code: 0, stderr: '2 issues done\n' });
  for (const life of lives) {
    expect(await pinnedCode(stage.temporal, life.handle.workflowId)).toMatchObject({
      code: { buildId: same.buildId },
    });
    expect(await pinnedCode(stage.temporal, life.handle.workflowId)).not.toHaveProperty('override');
  }
  const again = await ask('move', 'Acme/profile#1', 'Acme/profile#2');
  expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('is on build')]);

  for (const life of lives) {
    expect(await life.toEnd()).toMatchObject({ stage: 'release-verified', runs: 1 });
    for (const name of ['claimBranch', 'runAgent', 'pushCommit', 'openPullRequest', 'mergePullRequest'])
      expect([name, life.script.inputs[name]?.length]).toEqual([name, 1]);
  }
  expect(await unservedIssues(stage.temporal)).toEqual([]);
}, 120_000);

test.each([[['move']], [['move', '--from', 'abcdef012345']], [['move', 'Acme/profile#1', '--all']]])(
  '%s is wrong usage',
  async args => {
    const ran = await ask(...args);
    expect(ran.code).toBe(2);
  },
);
