/** Shared by the tests of the container box: a tier and a workspace for each engine that answers, and checks for leftovers. */
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';

import { callEngine } from '../../../src/box/container/engine.ts';
import type { ContainerTier } from '../../../src/box/container/tier.ts';
import { detectTier } from '../../../src/box/detect.ts';
import { waitUntil } from '../../../src/host/wait.ts';
import { allocateWorkspace, type Workspace } from '../../../src/box/workspace.ts';
import { shell, type ShellOptions, type ShellRun } from './box.ts';
import { answeringEngines, makeImage, removeImage, type TestEngine } from './engines.ts';
import { processesWith, rareSeconds } from './processes.ts';
import { repository } from './repository.ts';

export const MiB = 1024 * 1024;
export const IMAGE = `signalbox-test-box:${process.pid}`;
/** A unique number of seconds, by which the processes of this file’s boxes are found. */
export const marker = rareSeconds();

const engines = await answeringEngines();

export interface ContainerStage {
  readonly engine: TestEngine;
  tier(): ContainerTier;
  workspace(): Workspace;
  /** A directory for files of a test. */
  dir(): string;
  /** Runs a bash script in a box with the workspace. */
  run(script: string, options?: ShellOptions): Promise<ShellRun>;
}

/** Runs the suite for each engine, or reports that there is none. Checks after each test that nothing is left. */
export function inContainers(name: string, suite: (stage: ContainerStage) => void): void {
  if (engines.length === 0)
    describe(`in a container, ${name}`, () => {
      test.skip('neither Docker nor Podman answers on this machine', () => undefined);
    });
  for (const engine of engines)
    describe(`in a container of ${engine.name}, ${name}`, () => suite(stageOf(engine)));
}

function stageOf(engine: TestEngine): ContainerStage {
  let made: { readonly tier: ContainerTier; readonly dir: string; readonly workspace: Workspace } | undefined;
  const present = () => {
    if (made === undefined) throw new Error('the stage is not ready yet');
    return made;
  };
  beforeAll(async () => {
    await makeImage(engine, IMAGE);
    const tier = await containerTier(engine);
    const rootDir = await mkdtemp(path.join(tmpdir(), 'container-box-'));
    const workspace = await allocateWorkspace({
      ...{ tier, rootDir, runId: 'container', workspaceBytesMax: 32 * MiB, workspaceFilesMax: 500 },
      fill: repository,
    });
    made = { tier, dir: rootDir, workspace };
  }, 120_000);
  afterAll(async () => {
    await made?.workspace.release();
    if (made !== undefined) await rm(made.dir, { recursive: true });
    await removeImage(engine, IMAGE);
  }, 60_000);
  afterEach(async () => expect(await leftovers(engine)).toEqual({ processes: [], containers: [], dirs: [] }));
  return {
    engine,
    tier: () => present().tier,
    workspace: () => present().workspace,
    dir: () => present().dir,
    run: (script, options) =>
      shell(script, { tier: present().tier, workspaceDir: present().workspace.dir, ...options }),
  };
}

export async function containerTier({ name, environment }: TestEngine): Promise<ContainerTier> {
  const tier = await detectTier({ box: 'container', image: IMAGE, engine: name, environment });
  if (tier.name === 'container') return tier as ContainerTier;
  throw new Error(`${name} cannot make a box: ${tier.problems[0]?.what ?? ''}`);
}

/** Starts another process that runs a box, as a runner does. */
export async function runnerWithBox(engine: TestEngine) {
  const { name, environment } = engine;
  const choice = { box: 'container', image: IMAGE, engine: name, environment };
  const program = `
    import { runInBox } from './src/box/run.ts';
    import { defaultLimits } from './src/box/spec.ts';
    import { detectTier } from './src/box/detect.ts';
    const command = { command: 'bash', args: ['-c', 'trap "" TERM HUP; setsid sleep ${marker} & sleep ${marker}'] };
    const spec = { ...command, env: { PATH: '/usr/bin:/bin' }, readOnlyMounts: [], stdin: '', limits: defaultLimits };
    await runInBox(spec, { tier: await detectTier(${JSON.stringify(choice)}) });`;
  const args = ['--import', './test/support/typescript.mjs', '--input-type=module', '--eval', program];
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  const runner = spawn(process.execPath, args, { cwd: root, stdio: 'ignore' });
  expect(await waitUntil(async () => (await processesWith(marker)).length >= 2, 20_000)).toBe(true);
  if (runner.pid !== undefined) owners.add(runner.pid);
  const [container = ''] = await containersOf(engine);
  return {
    container,
    kill: async () => {
      const ended = new Promise(resolve => runner.once('exit', resolve));
      runner.kill('SIGKILL');
      await ended;
    },
  };
}

/** Processes whose boxes belong to this file. */
const owners = new Set([process.pid]);

const isOwn = (name: string): boolean => [...owners].some(pid => name.startsWith(`signalbox-box-${pid}.`));

export async function containersOf(engine: TestEngine): Promise<readonly string[]> {
  const { stdout } = await callEngine(engine, ['ps', '--all', '--format', '{{.Names}}']);
  return stdout.split('\n').filter(isOwn);
}

export async function ownDirs(): Promise<readonly string[]> {
  return (await readdir(tmpdir())).filter(isOwn).map(name => path.join(tmpdir(), name));
}

async function leftovers(engine: TestEngine) {
  return {
    processes: await processesWith(marker),
    containers: await containersOf(engine),
    dirs: await ownDirs(),
  };
}

export async function isClean(engine: TestEngine): Promise<boolean> {
  return Object.values(await leftovers(engine)).every(list => list.length === 0);
}
