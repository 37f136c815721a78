/** The lock file: one holder at a time, free when all its holders are gone, never taken from a living holder. */
import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { acquireFileLock } from '../../src/host/file-lock.ts';
import { eventually, gone, temporaryFolder, textOf, type Folder } from '../local/support.ts';

let folder: Folder;
let file: string;
beforeEach(() => {
  folder = temporaryFolder();
  file = folder.file('one.lock');
});
afterEach(() => folder.remove());

test('a lock is held until it is released', () => {
  const first = acquireFileLock(file);
  expect(acquireFileLock(file)).toEqual({ kind: 'held', pid: process.pid, ownerAlive: true });
  if (first.kind === 'acquired') first.lock.release();
  expect(acquireFileLock(file).kind).toBe('acquired');
});

test('a lock whose owner has ended is free', () => {
  rewriteOwner({ pid: spawnSync(process.execPath, ['-e', '']).pid });
  expect(acquireFileLock(file).kind).toBe('acquired');
});

test('a lock whose owner has ended is held while a process that it added lives', async () => {
  const added = spawn(process.execPath, ['-e', 'setInterval(()=>{},1000)'], { stdio: 'ignore' });
  const pid = added.pid ?? 0;
  const held = acquireFileLock(file);
  if (held.kind === 'acquired') held.lock.addHolder(pid);
  rewriteOwner({ pid: spawnSync(process.execPath, ['-e', '']).pid });
  expect(acquireFileLock(file)).toEqual({ kind: 'held', pid, ownerAlive: false });
  added.kill('SIGKILL');
  await gone(pid);
  expect(acquireFileLock(file).kind).toBe('acquired');
});

test('an unreadable lock is free', () => {
  writeFileSync(file, '');
  expect(acquireFileLock(file).kind).toBe('acquired');
});

test('releasing a lock that another process took over leaves the new lock in place', () => {
  const first = acquireFileLock(file);
  rewriteOwner({ pid: spawnSync(process.execPath, ['-e', '']).pid });
  expect(acquireFileLock(file).kind).toBe('acquired');
  if (first.kind === 'acquired') first.lock.release();
  expect(acquireFileLock(file).kind).toBe('held');
});

test('when many processes find a dead lock at the same time, exactly one acquires it', async () => {
  rewriteOwner({ pid: spawnSync(process.execPath, ['-e', '']).pid });
  const programs = path.join(import.meta.dirname, 'programs');
  const names = Array.from({ length: 6 }, (_, index) => folder.file(`answer-${index}`));
  const go = folder.file('go');
  const children = names.map(name => {
    const args = [
      '--import',
      path.join(programs, '../../support/typescript.mjs'),
      path.join(programs, 'locking.ts'),
      file,
      go,
      name,
    ];
    return spawn(process.execPath, args, { stdio: 'ignore' });
  });
  try {
    await eventually('all waiting', () => names.every(name => textOf(name) === 'waiting'), 20_000);
    writeFileSync(go, 'go');
    await eventually('all answers', () => names.every(name => /acquired|held/.test(textOf(name))));
    expect(names.filter(name => textOf(name) === 'acquired')).toHaveLength(1);
  } finally {
    for (const child of children) child.kill('SIGKILL');
  }
  expect(readdirSync(folder.path).filter(name => name.startsWith('one.lock'))).toEqual(['one.lock']);
});

/** Changes the owner of the current lock, or of a new one. */
function rewriteOwner(owner: { pid: number }): void {
  acquireFileLock(file);
  const content = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  writeFileSync(file, JSON.stringify({ ...content, token: 'another', owner }));
}
