/**
 * Locks whose text is the identity of the process that owns them.
 *
 * Versions before src/host/lock.ts read and write the same text. They took a dead lock over by renaming it away, which can
 * have two winners; that is still so while a process of such a version takes over the same lock.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { acquireLock, type LockFormat, type LockState, stateOfLock } from './lock.ts';
import { ownIdentityText, parseIdentity } from './process-identity.ts';

export interface OwnerLock {
  release(): void;
}

export const ownerLockFormat: LockFormat = {
  serialise: ({ token }) => `${token}\n`,
  parse(text) {
    const owner = parseIdentity(text);
    if (owner === undefined) return undefined;
    return { token: [owner.pid, owner.startedAt, owner.boot].join('.'), owner, others: [] };
  },
};

const RETRY_MS = 50;

/** Takes over from a dead owner. Undefined when a living process has the lock. The folder must exist. */
export function takeOwnerLock(file: string): OwnerLock | undefined {
  const content = ownerLockFormat.parse(ownIdentityText());
  if (content === undefined) throw new Error('this process has no identity');
  const attempt = acquireLock(file, ownerLockFormat, content);
  return attempt.kind === 'acquired' ? attempt.lock : undefined;
}

/** Waits until the lock is free. */
export async function withOwnerLock<T>(
  file: string,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  let lock = takeOwnerLock(file);
  while (lock === undefined) {
    signal.throwIfAborted();
    await delay(RETRY_MS, undefined, { signal });
    lock = takeOwnerLock(file);
  }
  try {
    signal.throwIfAborted();
    return await work();
  } finally {
    lock.release();
  }
}

export function ownerLockState(file: string): LockState {
  return stateOfLock(file, ownerLockFormat);
}
