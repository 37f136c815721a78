/** However and whenever the supervising process ends, no process that it started stays alive. */
import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { eventually, pidIn, processesNaming, temporaryFolder, textOf, type Folder } from './support.ts';

const program = (name: string): string => path.join(import.meta.dirname, 'programs', name);
let folder: Folder;
let supervising: ChildProcess;
let exited: Promise<number | null>;

beforeEach(() => {
  folder = temporaryFolder();
  const args = ['--import', program('../../support/typescript.mjs'), program('supervising.ts'), folder.path];
  supervising = spawn(process.execPath, args, { stdio: 'ignore' });
  exited = new Promise(resolve => supervising.once('exit', code => resolve(code)));
});
afterEach(() => {
  for (const pid of processesNaming(folder.path)) process.kill(pid, 'SIGKILL');
  folder.remove();
});

const allUp = (): Promise<unknown> => eventually('all up', () => textOf(folder.file('ready')) !== '');
const noneLeft = (): Promise<unknown> =>
  eventually('no process left', () => processesNaming(folder.path).length === 0 && !grandchildRuns(), 5_000);
const grandchildRuns = (): boolean =>
  textOf(`/proc/${pidIn(folder.file('grandchild.pid')) ?? 0}/cmdline`) !== '';

test('SIGKILL of the supervising process ends all children, even those that ignore SIGTERM, and grandchildren', async () => {
  await allUp();
  // Positive control: supervisor, watching child, guard and guarded child are visible; the grandchild has no folder in its arguments.
  expect(processesNaming(folder.path)).toHaveLength(4);
  expect(grandchildRuns()).toBe(true);
  supervising.kill('SIGKILL');
  await noneLeft();
});

test('Ctrl-C stops all children before the supervising process exits', async () => {
  await allUp();
  supervising.kill('SIGINT');
  expect(await exited).toBe(130);
  await noneLeft();
});

test('a second Ctrl-C does not wait for the grace time', async () => {
  await allUp();
  supervising.kill('SIGINT');
  supervising.kill('SIGTERM');
  expect(await exited).toBe(130);
  await noneLeft();
});

// A child that is still loading must notice the end too.
test.each([0, 15, 30, 45, 60, 90, 120])(
  'SIGKILL %d ms after the first spawn leaves no process',
  async afterMs => {
    await eventually('the start', () => pidIn(folder.file('supervisor.pid')));
    await delay(afterMs);
    supervising.kill('SIGKILL');
    await exited;
    await noneLeft();
  },
);

test.each([0, 30, 60])('Ctrl-C %d ms after the first spawn leaves no process', async afterMs => {
  await eventually('the start', () => pidIn(folder.file('supervisor.pid')));
  await delay(afterMs);
  supervising.kill('SIGINT');
  await exited;
  await noneLeft();
});
