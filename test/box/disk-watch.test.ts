/** Where no file system limits a workspace, a watch does: by bytes and by names, however many one directory has. */
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { watchWorkspace } from '../../src/box/disk-watch.ts';
import { type Folder, temporaryFolder } from '../local/support.ts';

const NAMES = 3_000;
const plenty = { workspaceBytesMax: 100_000_000, workspaceFilesMax: 100_000 };
/** Enough for the first round of the watch. */
const ROUND_MS = 300;

let folder: Folder;
beforeEach(() => {
  folder = temporaryFolder();
  mkdirSync(path.join(folder.path, 'deep', 'er'), { recursive: true });
  for (let name = 0; name < NAMES; name += 1) writeFileSync(path.join(folder.path, 'deep', `${name}`), '');
  writeFileSync(path.join(folder.path, 'deep', 'er', 'full'), Buffer.alloc(1_000_000));
  writeFileSync(path.join(folder.path, 'sparse'), '');
  truncateSync(path.join(folder.path, 'sparse'), 1_000_000_000);
});
afterEach(() => folder.remove());

test.each([
  ['more names than the limit', { ...plenty, workspaceFilesMax: NAMES }],
  ['more bytes than the limit', { ...plenty, workspaceBytesMax: 900_000 }],
])('%s are reported', async (_what, limits) => {
  await new Promise<void>(resolve => watchWorkspace(folder.path, limits, resolve));
});

test('less than the limits is not reported, and sparse files count what they use', async () => {
  let reported = false;
  const stop = watchWorkspace(folder.path, plenty, () => (reported = true));
  await delay(ROUND_MS);
  stop();
  expect(reported).toBe(false);
});
