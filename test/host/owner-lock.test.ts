/** Locks that name their owner, and waiting for them. What all locks have in common: lock.test.ts. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { takeOwnerLock, withOwnerLock } from '../../src/host/owner-lock.ts';
import { ownIdentityText } from '../../src/host/process-identity.ts';
import { temporaryFolder, type Folder } from '../local/support.ts';

let folder: Folder;
let file: string;
beforeEach(() => {
  folder = temporaryFolder();
  file = folder.file('one.lock');
});
afterEach(() => folder.remove());

const never = new AbortController().signal;

test('the text of a lock is the identity of its owner, as other versions read it', () => {
  takeOwnerLock(file);
  expect(readFileSync(file, 'utf8')).toBe(`${ownIdentityText()}\n`);
});

test('those who wait for a lock work one at a time, also after a dead owner', async () => {
  writeFileSync(file, '5000000.1.00000000');
  let inside = 0;
  const seen: number[] = [];
  const work = async (): Promise<void> => {
    seen.push((inside += 1));
    await new Promise(resolve => setTimeout(resolve, 5));
    inside -= 1;
  };
  await Promise.all([1, 2, 3, 4].map(() => withOwnerLock(file, never, work)));
  expect(seen).toEqual([1, 1, 1, 1]);
  expect(readdirSync(folder.path)).toEqual([]);
});

test('work that fails releases its lock', async () => {
  const failing = (): Promise<never> => Promise.reject(new Error('no space'));
  await expect(withOwnerLock(file, never, failing)).rejects.toThrow('no space');
  expect(readdirSync(folder.path)).toEqual([]);
});

test('cancelling the wait leaves the lock to its owner', async () => {
  const lock = takeOwnerLock(file);
  const stop = new AbortController();
  let worked = false;
  const waiting = withOwnerLock(file, stop.signal, async () => {
    worked = true;
  });
  stop.abort(new Error('cancelled'));
  await expect(waiting).rejects.toThrow();
  expect(worked).toBe(false);
  expect(takeOwnerLock(file)).toBeUndefined();
  lock?.release();
  expect(takeOwnerLock(file)).toBeDefined();
});
