/** What is done in an open folder is done there, whatever happens to its path. */
import {
  existsSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  chownSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openFolder, openFolderIfThere, openWithin } from '../../src/host/open-folder.ts';
import { describeAsRoot, STRANGER } from '../support/as-root.ts';

const onLinux = process.platform === 'linux' ? test : test.skip;
let dir = '';
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'open-'))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

onLinux('a link that is put in the path later changes nothing', () => {
  mkdirSync(join(dir, 'parent/place'), { recursive: true });
  mkdirSync(join(dir, 'other/place'), { recursive: true });
  for (const place of ['parent', 'other']) writeFileSync(join(dir, place, 'place/file'), place);
  const open = openFolder(join(dir, 'parent/place'));
  renameSync(join(dir, 'parent'), join(dir, 'moved'));
  symlinkSync(join(dir, 'other'), join(dir, 'parent'));
  rmSync(join(open.at, 'file'));
  open.close();
  expect([existsSync(join(dir, 'other/place/file')), readdirSync(join(dir, 'moved/place'))]).toEqual([
    true,
    [],
  ]);
  // Positive control: the path itself leads to the other file by now.
  rmSync(join(dir, 'parent/place/file'));
  expect(readdirSync(join(dir, 'other/place'))).toEqual([]);
});

test('links of this user are followed: relative, absolute, and through the parent', () => {
  mkdirSync(join(dir, 'a/b'), { recursive: true });
  symlinkSync('../a', join(dir, 'a/up'));
  symlinkSync(join(dir, 'a'), join(dir, 'whole'));
  const opened = ['a/b', 'a/up/b', 'whole/up/b'].map(name => openFolder(join(dir, name)));
  expect(new Set(opened.map(({ stats }) => stats.ino)).size).toBe(1);
  for (const folder of opened) folder.close();
});

test('what is no folder is not opened', () => {
  writeFileSync(join(dir, 'file'), '');
  expect(() => openFolder(join(dir, 'file'))).toThrow(/ENOTDIR/);
  expect(() => openFolder(join(dir, 'none'))).toThrow(/ENOENT/);
  expect(openFolderIfThere(join(dir, 'none/below'))).toBe(undefined);
});

test('a circle of links ends', () => {
  symlinkSync('other', join(dir, 'one'));
  symlinkSync('one', join(dir, 'other'));
  expect(() => openFolder(join(dir, 'one'))).toThrow(/too many links|ELOOP/);
});

test('in an open folder, a link is not followed at all', () => {
  mkdirSync(join(dir, 'real'));
  symlinkSync('real', join(dir, 'link'));
  const open = openFolder(dir);
  openWithin(open, 'real').close();
  expect(() => openWithin(open, 'link')).toThrow(/ENOTDIR|ELOOP/);
  open.close();
});

describeAsRoot('as root (needs root)', () => {
  test.each([
    ['made by another user', { link: STRANGER, folder: 0 }, false],
    ['in a folder of another user', { link: 0, folder: STRANGER }, false],
    ['of root in a folder of root', { link: 0, folder: 0 }, true],
  ])('a link %s', (_what, owners, isFollowed) => {
    for (const name of ['target', 'place']) mkdirSync(join(dir, name));
    symlinkSync('../target', join(dir, 'place/link'));
    lchownSync(join(dir, 'place/link'), owners.link, owners.link);
    chownSync(join(dir, 'place'), owners.folder, owners.folder);
    const open = (): void => openFolder(join(dir, 'place/link')).close();
    if (isFollowed) open();
    else expect(open).toThrow(/has a link in its path/);
  });
});
