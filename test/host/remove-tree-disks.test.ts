/** Trees are also removed on a full disk and from the layers of an image, and other file systems in them stay. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ForeignFiles } from '../../src/host/foreign-files.ts';
import { identityOf } from '../../src/host/own-folder.ts';
import { emptyFolder, removeTree } from '../../src/host/remove-tree.ts';
import { describeAsRoot } from '../support/as-root.ts';

let dir = '';
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'remove-'))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const at = (...names: readonly string[]): string => join(dir, ...names);
function filled(...names: readonly string[]): void {
  mkdirSync(at(...names), { recursive: true });
  writeFileSync(at(...names, 'file'), 'kept');
}

/** Mounts something at a new folder as long as it is used. */
async function mounted(how: readonly string[], place: string, use: () => Promise<void>): Promise<void> {
  mkdirSync(place);
  execFileSync('mount', [...how, place]);
  try {
    await use();
  } finally {
    execFileSync('umount', [place]);
  }
}

describeAsRoot('as root (needs root)', () => {
  test.each([
    ['of bytes', 'size=64k'],
    ['of inodes', 'size=1m,nr_inodes=16'],
  ])('a disk that is full %s is cleaned up', async (_what, bounds) => {
    await mounted(['-t', 'tmpfs', '-o', `${bounds},mode=0700`, 'full'], at('disk'), async () => {
      filled('disk', 'tree', 'deep');
      expect(() => {
        for (let name = 0; ; name += 1) writeFileSync(at('disk', 'tree', `${name}`), Buffer.alloc(1_024));
      }).toThrow(/ENOSPC/);
      await expect(removeTree(at('disk', 'tree'), { dev: 0, ino: 0 })).rejects.toThrow(ForeignFiles);
      await removeTree(at('disk', 'tree'), identityOf(at('disk', 'tree')));
      expect(readdirSync(at('disk'))).toEqual([]);
    });
  });

  test('a folder that cannot be moved is removed where it is, if the folder around it is private', async () => {
    for (const name of ['upper', 'work']) mkdirSync(at(name));
    filled('lower', 'tree', 'deep');
    filled('lower', 'open', 'tree');
    chmodSync(at('lower', 'open'), 0o777);
    const layers = `lowerdir=${at('lower')},upperdir=${at('upper')},workdir=${at('work')}`;
    await mounted(['-t', 'overlay', '-o', layers, 'image'], at('image'), async () => {
      expect(() => renameSync(at('image', 'tree'), at('image', 'moved'))).toThrow(/EXDEV/);
      await removeTree(at('image', 'tree'));
      await expect(removeTree(at('image', 'open', 'tree'))).rejects.toThrow(/EXDEV/);
      expect([readdirSync(at('image')), readdirSync(at('image', 'open'))]).toEqual([['open'], ['tree']]);
    });
  });

  test('another file system that is mounted in a tree stays', async () => {
    filled('tree');
    await mounted(['-t', 'tmpfs', 'other'], at('tree', 'mount'), async () => {
      filled('tree', 'mount', 'deep');
      await expect(removeTree(at('tree'))).rejects.toThrow();
      await expect(emptyFolder(at('tree'))).rejects.toThrow();
      expect(existsSync(at('tree', 'mount', 'deep', 'file'))).toBe(true);
    });
    // Positive control: without the mount.
    await removeTree(at('tree'));
    expect(readdirSync(dir)).toEqual([]);
  });
});
