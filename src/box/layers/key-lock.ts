/** A lock per layer, across processes. The lock of a dead owner is taken over. */
import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

import { isSameProcess, parseIdentity } from '../../host/process-identity.ts';
import { lockState, takeLock } from '../workspace-lock.ts';

const EVERY_MS = 50;

/** Waits for the lock, runs `work` and releases the lock. */
export async function withKeyLock<T>(file: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  while (!(await takeLock(file))) {
    signal.throwIfAborted();
    if ((await lockState(file)) === 'left-behind') await removeStaleLock(file);
    else await delay(EVERY_MS, undefined, { signal });
  }
  try {
    signal.throwIfAborted();
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

/** Another process may have taken over the lock before the rename: then the living owner's lock is restored. */
async function removeStaleLock(file: string): Promise<void> {
  const moved = `${file}.${randomUUID()}`;
  try {
    await rename(file, moved);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const owner = parseIdentity(await readFile(moved, 'utf8'));
  if (owner !== undefined && isSameProcess(owner)) await link(moved, file).catch(() => undefined);
  await rm(moved, { force: true });
}
