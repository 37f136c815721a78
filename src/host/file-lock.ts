/** Locks in JSON: the owner can add processes that keep the lock after its own death, such as a server that outlives it. */
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { acquireLock, type HeldByOther, type HeldLock, type LockContent, type LockFormat } from './lock.ts';
import { isSameProcess, processIdentity } from './process-identity.ts';

export type LockAnswer = { readonly kind: 'acquired'; readonly lock: FileLock } | HeldByOther;

export interface FileLock {
  /** From now on the lock also lasts as long as this process lives. */
  addHolder(pid: number): void;
  release(): void;
}

const identitySchema = z.object({ pid: z.number().int().positive(), startedAt: z.string().optional() });
const lockSchema = z.object({
  token: z.string(),
  owner: identitySchema,
  others: z.array(identitySchema).max(1_000),
});

export const jsonLockFormat: LockFormat = {
  serialise: content => JSON.stringify(content),
  parse(text) {
    try {
      return lockSchema.parse(JSON.parse(text));
    } catch {
      return undefined;
    }
  },
};

/** Creates the folder. Does not wait. */
export function acquireFileLock(file: string): LockAnswer {
  mkdirSync(path.dirname(file), { recursive: true });
  const content: LockContent = { token: randomUUID(), owner: processIdentity(process.pid), others: [] };
  const attempt = acquireLock(file, jsonLockFormat, content);
  return attempt.kind === 'held' ? attempt : { kind: 'acquired', lock: fileLock(attempt.lock) };
}

function fileLock(lock: HeldLock): FileLock {
  let others: LockContent['others'] = [];
  return {
    addHolder(pid) {
      const living = others.filter(holder => isSameProcess(holder) && holder.pid !== pid);
      others = [...living, processIdentity(pid)];
      lock.setOthers(others);
    },
    release: () => lock.release(),
  };
}
