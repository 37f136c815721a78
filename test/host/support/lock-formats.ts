/** The two formats of lock files: how each is taken, and what a dead owner leaves in it. */
import { randomUUID } from 'node:crypto';
import { acquireFileLock, jsonLockFormat } from '../../../src/host/file-lock.ts';
import { ownerLockFormat, takeOwnerLock } from '../../../src/host/owner-lock.ts';

export const lockFormats = { json: jsonLockFormat, text: ownerLockFormat } as const;
export type LockFormatName = keyof typeof lockFormats;

export function isLockFormatName(name: string): name is LockFormatName {
  return Object.hasOwn(lockFormats, name);
}

export const take: Record<LockFormatName, (file: string) => { release(): void } | undefined> = {
  json(file) {
    const answer = acquireFileLock(file);
    return answer.kind === 'acquired' ? answer.lock : undefined;
  },
  text: takeOwnerLock,
};

/** Linux gives no process such a high id. */
const NO_PID = 5_000_000;

export function deadLockText(format: LockFormatName, startedAt: number): string {
  return format === 'json'
    ? JSON.stringify({
        token: randomUUID(),
        owner: { pid: NO_PID, startedAt: String(startedAt) },
        others: [],
      })
    : `${NO_PID}.${startedAt}.00000000\n`;
}
