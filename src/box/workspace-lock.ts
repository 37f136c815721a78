/** A lock file that names the process that owns a workspace. It is created atomically, with its content. */
import { randomUUID } from 'node:crypto';
import { link, readFile, unlink, writeFile } from 'node:fs/promises';

import { isSameProcess, ownIdentityText, parseIdentity } from '../host/process-identity.ts';

export type LockState = 'free' | 'held' | 'left-behind';

/** False when the lock is already taken. */
export async function takeLock(file: string): Promise<boolean> {
  const identity = ownIdentityText();
  // Unique even if one process tries twice at the same time.
  const draft = `${file}.${identity}.${randomUUID()}`;
  await writeFile(draft, `${identity}\n`);
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    await unlink(draft);
  }
}

/** `left-behind`: its owner is dead, or its content is invalid, which no living owner writes. */
export async function lockState(file: string): Promise<LockState> {
  try {
    const owner = parseIdentity(await readFile(file, 'utf8'));
    return owner !== undefined && isSameProcess(owner) ? 'held' : 'left-behind';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'free';
    throw error;
  }
}
