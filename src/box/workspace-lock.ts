/** Says which process owns a workspace; the file appears with its content at once, for one owner only. */
import { randomUUID } from 'node:crypto';
import { link, readFile, unlink, writeFile } from 'node:fs/promises';

import { isIdentityAlive, ownIdentity, parseIdentity } from './process-identity.ts';

export type LockState = 'free' | 'held' | 'left-behind';

/** False when somebody has it already. */
export async function takeLock(file: string): Promise<boolean> {
  const identity = await ownIdentity();
  // Two may try at once in one process.
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

/** Left behind: its owner is dead, or it is unreadable, which no living owner writes. */
export async function lockState(file: string): Promise<LockState> {
  try {
    const owner = parseIdentity(await readFile(file, 'utf8'));
    return owner !== undefined && (await isIdentityAlive(owner)) ? 'held' : 'left-behind';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'free';
    throw error;
  }
}
