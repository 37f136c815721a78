/** What the tests of Codex's own sandbox share: its tier, a workspace, a box without one of its guards, and what was left behind. */
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';

import { prepareSandbox } from '../../../src/box/agent-sandbox/start.ts';
import type { BoxSpec } from '../../../src/box/spec.ts';
import { type AgentSandboxTier, detectTier } from '../../../src/box/tier.ts';
import { waitUntil } from '../../../src/host/wait.ts';
import { allocateWorkspace, type Workspace } from '../../../src/box/workspace.ts';
import { shell, type ShellOptions, type ShellRun } from './box.ts';
import { MiB } from './container-stage.ts';
import { ORDINARY_TESTS } from './ordinary-tests.ts';
import { processesWith, rareSeconds } from './processes.ts';
import { repository } from './repository.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** A number of seconds that only this file’s boxes sleep. */
export const marker = rareSeconds();

export interface SandboxStage {
  tier(): AgentSandboxTier;
  workspace(): Workspace;
  /** A bash script in a box over the workspace. */
  run(script: string, options?: ShellOptions): Promise<ShellRun>;
}

/** It is no box for root. After each test nothing may be left. */
export function inSandboxes(name: string, suite: (stage: SandboxStage) => void): void {
  if (process.getuid?.() === 0) {
    test(`in the agent’s own sandbox, ${name}: tested as an ordinary user`, () => {
      const file = path.relative(root, expect.getState().testPath ?? '');
      expect(ORDINARY_TESTS).toContain(file);
    });
    return;
  }
  describe(`in the agent’s own sandbox, ${name}`, () => {
    let made: { readonly tier: AgentSandboxTier; readonly dir: string; readonly workspace: Workspace };
    beforeAll(async () => {
      const tier = await sandboxTier();
      const dir = await mkdtemp(path.join(tmpdir(), 'agent-sandbox-'));
      const workspace = await allocateWorkspace({
        ...{ tier, rootDir: dir, runId: 'sandbox', workspaceBytesMax: 32 * MiB, workspaceFilesMax: 500 },
        fill: repository,
      });
      made = { tier, dir, workspace };
    });
    afterAll(async () => {
      await made.workspace.release();
      await rm(made.dir, { recursive: true });
    });
    afterEach(async () => expect(await leftovers()).toEqual({ processes: [], dirs: [] }));
    suite({
      tier: () => made.tier,
      workspace: () => made.workspace,
      run: (script, options) =>
        shell(script, { tier: made.tier, workspaceDir: made.workspace.dir, ...options }),
    });
  });
}

export async function sandboxTier(): Promise<AgentSandboxTier> {
  const tier = await detectTier({ box: 'agent-sandbox' });
  if (tier.name === 'agent-sandbox') return tier;
  throw new Error(`the agent’s own sandbox makes no box: ${tier.problems[0]?.what ?? ''}`);
}

export interface SandboxEdit {
  /** Of the permission profile. */
  readonly profile?: (text: string) => string;
  readonly words?: (words: readonly string[]) => readonly string[];
}

/** Runs a spec with one guard taken away, the positive control of a deny-test, and tells what it printed. */
export async function runUnguardedSandbox(
  spec: BoxSpec,
  tier: AgentSandboxTier,
  { profile = text => text, words: edit = words => words }: SandboxEdit,
): Promise<string> {
  const { words, environment, furniture } = await prepareSandbox(spec, tier);
  try {
    const config = path.join(furniture.codexHome, 'config.toml');
    const text = await readFile(config, 'utf8');
    await writeFile(config, profile(text));
    const [file = '', ...args] = edit(words);
    const options = { env: environment, cwd: furniture.workspaceDir, timeout: 20_000 };
    return await new Promise((resolve, reject) => {
      execFile(file, args, options, (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new Error(`${error.message}\n${stderr}`));
      });
    });
  } finally {
    await furniture.remove();
  }
}

/** Another process that runs a box, as a runner does. */
export async function runnerWithBox(beside = '') {
  const program = `
    import { runInBox } from './src/box/run.ts';
    import { defaultLimits } from './src/box/spec.ts';
    import { detectTier } from './src/box/tier.ts';
    const command = { command: 'bash', args: ['-c', '${beside} trap "" TERM HUP; setsid sleep ${marker} & sleep ${marker}'] };
    const spec = { ...command, env: { PATH: '/usr/bin:/bin' }, readOnlyMounts: [], stdin: '', limits: defaultLimits };
    await runInBox(spec, { tier: await detectTier({ box: 'agent-sandbox' }) });`;
  const args = ['--import', './test/support/typescript.mjs', '--input-type=module', '--eval', program];
  const runner = spawn(process.execPath, args, { cwd: root, stdio: 'ignore' });
  expect(await waitUntil(async () => (await processesWith(marker)).length >= 2, 20_000)).toBe(true);
  if (runner.pid !== undefined) owners.add(runner.pid);
  return {
    /** The process that would end the box, were the runner killed. */
    guards: () => childrenWith('BOX_MARK', runner.pid ?? 0),
    kill: async () => {
      const ended = new Promise(resolve => runner.once('exit', resolve));
      runner.kill('SIGKILL');
      await ended;
    },
  };
}

async function childrenWith(word: string, parent: number): Promise<readonly number[]> {
  const list = (await readFile(`/proc/${parent}/task/${parent}/children`, 'utf8')).split(' ').filter(Boolean);
  const environments = await Promise.all(list.map(pid => readFile(`/proc/${pid}/environ`, 'utf8')));
  return list.filter((_, index) => environments[index]?.includes(`${word}=`)).map(Number);
}

/** Processes whose boxes are this file's. */
const owners = new Set([process.pid]);
const isOwn = (name: string): boolean => [...owners].some(pid => name.startsWith(`signalbox-box-${pid}.`));

export async function ownDirs(): Promise<readonly string[]> {
  return (await readdir(tmpdir())).filter(isOwn).map(name => path.join(tmpdir(), name));
}

async function leftovers() {
  return { processes: await processesWith(marker), dirs: await ownDirs() };
}

export async function isClean(): Promise<boolean> {
  const { processes, dirs } = await leftovers();
  return processes.length + dirs.length === 0;
}
