/** Locks in JSON: who holds them, and the processes that their owner adds. What all locks have in common: lock.test.ts. */
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { acquireFileLock } from '../../src/host/file-lock.ts';
import { gone, temporaryFolder, type Folder } from '../local/support.ts';

let folder: Folder;
let file: string;
beforeEach(() => {
  folder = temporaryFolder();
  file = folder.file('made/one.lock');
});
afterEach(() => folder.remove());

test('a lock names its living owner until it is released', () => {
  const first = acquireFileLock(file);
  expect(acquireFileLock(file)).toEqual({ kind: 'held', pid: process.pid, ownerAlive: true });
  if (first.kind === 'acquired') first.lock.release();
  expect(acquireFileLock(file).kind).toBe('acquired');
});

test('a lock whose owner has ended is held as long as a process that it added lives', async () => {
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

test('releasing a lock that was taken over in the meantime leaves the new holder’s', () => {
  const first = acquireFileLock(file);
  rewriteOwner({ pid: spawnSync(process.execPath, ['-e', '']).pid });
  expect(acquireFileLock(file).kind).toBe('acquired');
  if (first.kind === 'acquired') first.lock.release();
  expect(acquireFileLock(file).kind).toBe('held');
});

function rewriteOwner(owner: { pid: number }): void {
  const content = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  writeFileSync(file, JSON.stringify({ ...content, token: 'another', owner }));
}
