/** The folder of a run by hand is its user's own and private, also one that exists. */
import { chownSync, lchownSync, mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openPlace } from '../../../src/workers/by-hand/place.ts';
import { type Folder, temporaryFolder } from '../../local/support.ts';
import { STRANGER, testAsRoot } from '../../support/as-root.ts';

let folder: Folder;
beforeEach(() => {
  folder = temporaryFolder();
  mkdirSync(folder.file('repository'));
});
afterEach(() => folder.remove());

/** What `openPlace` reads of its input. */
const place = async (outDir: string) => {
  const root = folder.file('repository');
  const ask = { workingDirectory: folder.path, outDir, values: {} } as unknown as Parameters<
    typeof openPlace
  >[0];
  return await openPlace(ask, { root, gitDir: root, commonDir: root }, () => undefined);
};
const modeOf = (file: string): number => statSync(file).mode & 0o777;

test.each([
  ['a new folder', (): unknown => undefined],
  ['an empty folder that others can read', (): unknown => mkdirSync(folder.file('out'), { mode: 0o755 })],
])('%s is private while the run writes into it', async (_what, make) => {
  make();
  const { folder: out, workDir, leave, discard } = await place('out');
  expect([modeOf(out), modeOf(workDir)]).toEqual([0o700, 0o700]);
  await leave();
  await discard();
});

testAsRoot.each([
  ['a folder of another user', (): void => mkdirSync(folder.file('out')), chownSync],
  ['a link of another user', link, lchownSync],
])('%s is refused, and nothing is written into it (needs root)', async (_what, make, give) => {
  make();
  give(folder.file('out'), STRANGER, STRANGER);
  await expect(place('out')).rejects.toThrow(new RegExp(`user ${STRANGER}`));
  expect(readdirSync(folder.file('out'))).toEqual([]);
  // Positive control: the same, of this user.
  give(folder.file('out'), 0, 0);
  const { leave, discard } = await place('out');
  await leave();
  await discard();
});

function link(): void {
  mkdirSync(folder.file('target'));
  symlinkSync(folder.file('target'), folder.file('out'));
}
