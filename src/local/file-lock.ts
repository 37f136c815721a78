/** A lock file that names its holders by process, free again when all of them are gone: for files that have no lock of their own. */
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { isSameProcess, processIdentity } from './process-identity.ts';

export type LockAnswer =
  | { readonly kind: 'acquired'; readonly lock: FileLock }
  /** When its owner is dead and only a process that it added lives on, the lock will soon be free. */
  | { readonly kind: 'held'; readonly pid: number; readonly ownerAlive: boolean };

export interface FileLock {
  /** The lock then also lasts as long as this process lives, such as a server that outlives us for a moment. */
  addHolder(pid: number): void;
  release(): void;
}

const identitySchema = z.object({ pid: z.number().int().positive(), startedAt: z.string().optional() });
const lockSchema = z.object({
  token: z.string(),
  owner: identitySchema,
  others: z.array(identitySchema).max(1_000),
});
type LockContent = z.infer<typeof lockSchema>;

const attemptsMax = 5;

export function acquireFileLock(file: string): LockAnswer {
  mkdirSync(path.dirname(file), { recursive: true });
  const content: LockContent = { token: randomUUID(), owner: processIdentity(process.pid), others: [] };
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    if (createWhole(file, content)) return { kind: 'acquired', lock: heldLock(file, content) };
    const present = read(file);
    const living = present === undefined ? undefined : livingHolder(present);
    if (living !== undefined) return living;
    takeAway(file, present);
  }
  return { kind: 'held', pid: read(file)?.owner.pid ?? 0, ownerAlive: true };
}

function livingHolder({ owner, others }: LockContent): LockAnswer | undefined {
  const ownerAlive = isSameProcess(owner);
  const living = ownerAlive ? owner : others.find(isSameProcess);
  return living === undefined ? undefined : { kind: 'held', pid: living.pid, ownerAlive };
}

function heldLock(file: string, content: LockContent): FileLock {
  let { others } = content;
  return {
    addHolder(pid) {
      const living = others.filter(holder => isSameProcess(holder) && holder.pid !== pid);
      others = [...living, processIdentity(pid)];
      if (isOurs(file, content.token)) replace(file, { ...content, others });
    },
    release() {
      if (isOurs(file, content.token)) rmSync(file, { force: true });
    },
  };
}

/** A link is atomic and shows the whole content from the first moment; false when somebody else was first. */
function createWhole(file: string, content: LockContent): boolean {
  const draft = writeDraft(file, content);
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function replace(file: string, content: LockContent): void {
  renameSync(writeDraft(file, content), file);
}

function writeDraft(file: string, content: LockContent): string {
  const draft = `${file}.${randomUUID()}`;
  writeFileSync(draft, JSON.stringify(content), { mode: 0o600 });
  return draft;
}

/** Moves a dead lock aside; if in between a living process took its place, that one is put back. */
function takeAway(file: string, dead: LockContent | undefined): void {
  const aside = `${file}.${randomUUID()}`;
  try {
    renameSync(file, aside);
    if (read(aside)?.token !== dead?.token) linkSync(aside, file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function isOurs(file: string, token: string): boolean {
  return read(file)?.token === token;
}

/** An unreadable lock is nobody's. */
function read(file: string): LockContent | undefined {
  try {
    return lockSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}
