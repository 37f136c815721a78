/** One at a time for each layer, across processes; a lock whose owner is dead is taken over. */
import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

import { isIdentityAlive, parseIdentity } from '../process-identity.ts';
import { lockState, takeLock } from '../workspace-lock.ts';

const EVERY_MS = 50;

/** Waits for whoever has it. */
export async function withKeyLock<T>(file: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  while (!(await takeLock(file))) {
    signal.throwIfAborted();
    if ((await lockState(file)) === 'left-behind') await takeAway(file);
    else await delay(EVERY_MS, undefined, { signal });
  }
  try {
    signal.throwIfAborted();
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

/** Another may have replaced the dead owner's lock between the look and the move: a living owner gets it back. */
async function takeAway(file: string): Promise<void> {
  const away = `${file}.${randomUUID()}`;
  try {
    await rename(file, away);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const owner = parseIdentity(await readFile(away, 'utf8'));
  if (owner !== undefined && (await isIdentityAlive(owner))) await link(away, file).catch(() => undefined);
  await rm(away, { force: true });
}
