/** The folder of a supervised model gateway: new at each start, private, and removed by its start or by the next one. */
import { spawnSync } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { makeSocketFolder, sweepSocketFolders } from '../../src/local/socket-folder.ts';
import { identityText } from '../../src/host/process-identity.ts';
import { type Folder, temporaryFolder } from './support.ts';
import { testAsRoot } from '../support/as-root.ts';

let data: Folder;
const made: string[] = [];
beforeEach(() => void (data = temporaryFolder()));
afterEach(() => {
  data.remove();
  for (const dir of made.splice(0)) rmSync(dir, { recursive: true, force: true });
});

/** Returns the outer folder. */
function make(): { readonly outer: string; readonly remove: () => Promise<void> } {
  const { dir, remove, values } = makeSocketFolder(data.path);
  expect(values).toEqual({ SIGNALBOX_MODEL_GATEWAY_DIR: dir });
  const outer = path.dirname(dir);
  made.push(outer);
  return { outer, remove };
}

/** As a process leaves it that was killed. */
function leftBehind(): string {
  const { outer } = make();
  const note = path.join(outer, 'owner');
  const dead = spawnSync(process.execPath, ['-e', '']).pid;
  const text = readFileSync(note, 'utf8').replace(/^.*/, identityText({ pid: dead, startedAt: '1' }));
  writeFileSync(note, text);
  return outer;
}

test('nobody else can write to it, its name is new each time, and it is removed with everything in it', async () => {
  const [one, other] = [make(), make()];
  expect(one.outer).not.toBe(other.outer);
  for (const dir of [one.outer, path.join(one.outer, 'gw')]) expect(statSync(dir).mode & 0o022).toBe(0);
  mkdirSync(path.join(one.outer, 'gw/runs/one'), { recursive: true });
  await one.remove();
  expect([existsSync(one.outer), existsSync(other.outer)]).toEqual([false, true]);
});

test('its path leaves room for the socket of a run', () => {
  expect(path.basename(make().outer).length).toBeLessThan(20);
});

test('what a killed process left is removed by the next start', async () => {
  const left = leftBehind();
  await sweepSocketFolders();
  expect(existsSync(left)).toBe(false);
});

test('a process of another container, which shares the temporary directory, is not taken for a dead one', async () => {
  const left = leftBehind();
  const note = path.join(left, 'owner');
  writeFileSync(note, readFileSync(note, 'utf8').replace(/pid:\[\d+\]/, 'pid:[1]'));
  await sweepSocketFolders();
  expect(existsSync(left)).toBe(true);
});

test('that of a living process stays', async () => {
  const { outer } = make();
  await sweepSocketFolders();
  expect(existsSync(outer)).toBe(true);
});

test('a folder without a note of ours stays', async () => {
  const other = path.join(tmpdir(), `signalbox-test-${process.pid}`);
  mkdirSync(other);
  made.push(other);
  await sweepSocketFolders();
  expect(readdirSync(other)).toEqual([]);
});

testAsRoot('one that another user made to look like ours stays (needs root)', async () => {
  const left = leftBehind();
  chownSync(left, 60_902, 60_902);
  await sweepSocketFolders();
  expect(existsSync(path.join(left, 'owner'))).toBe(true);
  // Positive control: the same folder, owned by this user.
  chownSync(left, 0, 0);
  await sweepSocketFolders();
  expect(existsSync(left)).toBe(false);
});
