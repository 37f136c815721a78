/** The only recursive deletion removes what this user made, and nothing that another user put in its place. */
import { spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ForeignFiles } from '../../src/host/foreign-files.ts';
import { identityOf, inOwnFolder, makeOwnFolder } from '../../src/host/own-folder.ts';
import {
  emptyFolder,
  finishRemovals,
  removeIfOurs,
  removeNamed,
  removeTree,
} from '../../src/host/remove-tree.ts';
import { describeAsRoot, STRANGER } from '../support/as-root.ts';

let dir = '';
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'remove-'))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const at = (...names: readonly string[]): string => join(dir, ...names);
/** A folder with one file in it, and its path. */
function filled(...names: readonly string[]): string {
  mkdirSync(at(...names), { recursive: true });
  writeFileSync(at(...names, 'file'), 'kept');
  return at(...names);
}

describe('a tree of this user', () => {
  test('is removed with its content, and links in it are not followed', async () => {
    const victim = filled('victim');
    filled('tree', 'a', 'b');
    symlinkSync(victim, at('tree', 'a', 'link'));
    await removeTree(at('tree'));
    expect(readdirSync(dir)).toEqual(['victim']);
    expect(existsSync(join(victim, 'file'))).toBe(true);
  });

  test('that is a link is removed, and its target is not', async () => {
    const victim = filled('victim');
    symlinkSync(victim, at('link'));
    await removeTree(at('link'));
    expect([existsSync(join(victim, 'file')), readdirSync(dir)]).toEqual([true, ['victim']]);
  });

  test('is removed although its permissions do not allow it', async () => {
    filled('tree', 'closed');
    chmodSync(at('tree', 'closed'), 0);
    for (const mode of [0o500, 0]) {
      mkdirSync(at('tree'), { recursive: true });
      chmodSync(at('tree'), mode);
      await removeTree(at('tree'));
      expect(readdirSync(dir)).toEqual([]);
    }
  });

  test('that does not exist is no error, nor is one whose folder does not exist', async () => {
    await removeTree(at('none'));
    await removeTree(at('none', 'at', 'all'));
  });

  test('is removed only if it is the one that was made', async () => {
    const made = makeOwnFolder(at('own-'));
    renameSync(made.dir, at('moved'));
    filled(made.dir.slice(dir.length + 1));
    await expect(made.remove()).rejects.toThrow(/is not what this process made there/);
    expect(existsSync(join(made.dir, 'file'))).toBe(true);
    rmSync(made.dir, { recursive: true });
    // Positive control: the one that was made.
    renameSync(at('moved'), made.dir);
    await made.remove();
    expect(readdirSync(dir)).toEqual([]);
  });

  test('that a killed process had begun to remove is removed by the next', async () => {
    filled('.signalbox-removed-abcdef', 'moved');
    filled('another');
    // One that was just made may be that of a living process.
    await finishRemovals(dir);
    expect(readdirSync(dir)).toHaveLength(2);
    utimesSync(at('.signalbox-removed-abcdef'), 0, 0);
    await finishRemovals(dir);
    expect(readdirSync(dir)).toEqual(['another']);
  });
});

test('a folder is emptied without being replaced', async () => {
  filled('mount', 'deep');
  const before = identityOf(at('mount'));
  await emptyFolder(at('mount'));
  expect([readdirSync(at('mount')), identityOf(at('mount'))]).toEqual([[], before]);
});

test('everything of one name is removed at every depth, in any case of its letters', async () => {
  filled('tree', 'a', '.git', 'hooks');
  filled('tree', 'b', '.GIT');
  filled('tree', 'b', '.github');
  writeFileSync(at('tree', '.git'), 'gitdir: elsewhere');
  await removeNamed(at('tree'), '.git');
  expect([
    readdirSync(at('tree')).sort(),
    readdirSync(at('tree', 'a')),
    readdirSync(at('tree', 'b')),
  ]).toEqual([['a', 'b'], [], ['.github']]);
});

test('a folder of this process exists while it is used', async () => {
  const used = await inOwnFolder(at('own-'), async own => {
    expect(lstatSync(own).mode & 0o777).toBe(0o700);
    return own;
  });
  expect(existsSync(used)).toBe(false);
  await expect(inOwnFolder(at('own-'), () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  expect(readdirSync(dir)).toEqual([]);
});

describeAsRoot('as root (needs root)', () => {
  test.each(['folder', 'file', 'link'])('a %s of another user stays as it is', async kind => {
    const victim = filled('victim');
    if (kind === 'folder') filled('theirs');
    else if (kind === 'file') writeFileSync(at('theirs'), 'kept');
    else symlinkSync(victim, at('theirs'));
    lchownSync(at('theirs'), STRANGER, STRANGER);
    const before = identityOf(at('theirs'));
    await expect(removeTree(at('theirs'))).rejects.toThrow(ForeignFiles);
    expect(await removeIfOurs(at('theirs'))).toBe(false);
    expect(identityOf(at('theirs'))).toEqual(before);
    expect([readdirSync(dir).sort(), existsSync(join(victim, 'file'))]).toEqual([['theirs', 'victim'], true]);
    // Positive control: the same, owned by this user.
    lchownSync(at('theirs'), 0, 0);
    expect(await removeIfOurs(at('theirs'))).toBe(true);
    expect(readdirSync(dir)).toEqual(['victim']);
  });

  test('a tree of another user that a killed process left aside stays there', async () => {
    const theirs = filled('.signalbox-removed-abcdef', 'moved', 'deep');
    chownSync(at('.signalbox-removed-abcdef', 'moved'), STRANGER, STRANGER);
    utimesSync(at('.signalbox-removed-abcdef'), 0, 0);
    await finishRemovals(dir);
    expect(existsSync(join(theirs, 'file'))).toBe(true);
    // Positive control: the same, owned by this user.
    chownSync(at('.signalbox-removed-abcdef', 'moved'), 0, 0);
    utimesSync(at('.signalbox-removed-abcdef'), 0, 0);
    await finishRemovals(dir);
    expect(readdirSync(dir)).toEqual([]);
  });

  test('a link of another user in the path leads nowhere', async () => {
    const victim = filled('victim', 'tree');
    mkdirSync(at('theirs'));
    chownSync(at('theirs'), STRANGER, STRANGER);
    symlinkSync(at('victim'), at('theirs', 'link'));
    for (const uid of [STRANGER, 0]) {
      lchownSync(at('theirs', 'link'), uid, uid);
      await expect(removeTree(at('theirs', 'link', 'tree'))).rejects.toThrow(ForeignFiles);
      await expect(emptyFolder(at('theirs', 'link', 'tree'))).rejects.toThrow(ForeignFiles);
    }
    expect(existsSync(join(victim, 'file'))).toBe(true);
    // Positive control: a link that only root can have made and can replace.
    symlinkSync(at('victim'), at('link'));
    await removeTree(at('link', 'tree'));
    expect(readdirSync(at('victim'))).toEqual([]);
  });

  test('a link that another user swaps in at any moment has nothing of root removed', async () => {
    const victim = filled('victim');
    chmodSync(dir, 0o711);
    mkdirSync(at('shared'));
    chownSync(at('shared'), STRANGER, STRANGER);
    const swaps = swapper({ place: at('shared', 'folder'), target: at('victim-parent') });
    mkdirSync(at('victim-parent', 'tree'), { recursive: true });
    writeFileSync(at('victim-parent', 'tree', 'file'), 'kept');
    try {
      await swaps.started;
      for (let round = 0; round < ROUNDS; round += 1) {
        // Root's own tree in the folder that the other user keeps replacing by a link to another tree of root.
        tryTo(() => mkdirSync(at('shared', 'folder', 'mine', 'deep'), { recursive: true }));
        await removeTree(at('shared', 'folder', 'tree')).catch(refusedOrGone);
        await removeTree(at('shared', 'folder')).catch(refusedOrGone);
        await emptyFolder(at('shared', 'folder', 'tree')).catch(refusedOrGone);
      }
    } finally {
      expect(await swaps.stop()).toBeGreaterThan(ROUNDS);
    }
    expect(existsSync(at('victim-parent', 'tree', 'file'))).toBe(true);
    expect(existsSync(join(victim, 'file'))).toBe(true);
  }, 60_000);
});

const ROUNDS = 60;

function tryTo(work: () => void): void {
  try {
    work();
  } catch {
    // The other user was faster.
  }
}

function refusedOrGone(error: unknown): void {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (
    !(error instanceof ForeignFiles) &&
    !['ENOENT', 'ENOTDIR', 'EEXIST', 'ENOTEMPTY', 'ELOOP'].includes(code)
  )
    throw error;
}

/** Another user, who makes the place a folder and a link in turn as fast as possible; `stop` says how often. */
function swapper({ place, target }: { readonly place: string; readonly target: string }) {
  const script = `
    const fs = require('fs');
    const [place, target] = ${JSON.stringify([place, target])};
    let swaps = 0;
    fs.symlinkSync(target, place + '.link');
    fs.mkdirSync(place + '.folder');
    process.on('SIGTERM', () => { console.log(swaps); process.exit(); });
    console.log('started');
    (function swap() {
      for (let round = 0; round < 200; round += 1) {
        for (const kind of ['.folder', '.link']) {
          try { fs.renameSync(place + kind, place); swaps += 1; fs.renameSync(place, place + kind); } catch { again(kind); }
        }
      }
      setImmediate(swap);
    })();
    function again(kind) {
      try { fs.renameSync(place, place + '.' + swaps); } catch {}
      try { if (kind === '.link') fs.symlinkSync(target, place + kind); else fs.mkdirSync(place + kind); } catch {}
    }`;
  const child = spawn(process.execPath, ['-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    uid: STRANGER,
    gid: STRANGER,
    cwd: '/',
  });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
  return {
    started: new Promise<void>(resolve => child.stdout.once('data', () => resolve())),
    stop: () =>
      new Promise<number>(resolve => {
        child.once('close', () => resolve(Number(printed.trim().split('\n').at(-1))));
        child.kill('SIGTERM');
      }),
  };
}
