/** A lock file that names its holders by process and is free when all of them are gone: for files without built-in locking. */
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { isSameProcess, processIdentity } from './process-identity.ts';

export type LockAnswer =
  | { readonly kind: 'acquired'; readonly lock: FileLock }
  /** When the owner is dead and only a process that it added is alive, the lock will soon be free. */
  | { readonly kind: 'held'; readonly pid: number; readonly ownerAlive: boolean };

export interface FileLock {
  /** Holds the lock while this process lives too, such as a server that outlives us for a moment. */
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

const ATTEMPTS_MAX = 5;

/**
 * A process never removes the lock of another one: a living process may have taken it in the meantime. A process that
 * finds a dead lock creates the successor file that the dead lock's token names; only one process can create it. That
 * process then renames its own lock to `file`, where every search starts.
 */
export function acquireFileLock(file: string): LockAnswer {
  mkdirSync(path.dirname(file), { recursive: true });
  const content: LockContent = { token: randomUUID(), owner: processIdentity(process.pid), others: [] };
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    if (createComplete(file, content)) return { kind: 'acquired', lock: heldLock(file, content) };
    const { first, dead, living } = succession(file);
    if (living !== undefined) return living;
    const place = dead.at(-1);
    if (place !== undefined && succeed(file, { first, place, content })) {
      for (const name of dead.slice(0, -1)) rmSync(name, { force: true });
      return { kind: 'acquired', lock: heldLock(file, content) };
    }
  }
  return { kind: 'held', pid: read(file)?.owner.pid ?? 0, ownerAlive: true };
}

interface Succession {
  /** The token of the lock at `file`, where every search starts; `undefined` when it cannot be read. */
  readonly first: string | undefined;
  /** The places for the successors of dead locks; the last of them is still free. */
  readonly dead: readonly string[];
  readonly living?: LockAnswer;
}

function succession(file: string): Succession {
  const first = read(file)?.token;
  const dead: string[] = [];
  for (let place = file; existsSync(place);) {
    const present = read(place);
    const living = present === undefined ? undefined : livingHolder(present);
    if (living !== undefined) return { first, dead, living };
    place = present === undefined ? `${place}.unreadable` : `${file}.${present.token}`;
    dead.push(place);
  }
  return { first, dead };
}

interface Successor {
  readonly first: string | undefined;
  readonly place: string;
  readonly content: LockContent;
}

/** If another process has renamed its lock to `file` in the meantime, no search reaches our place any more: give it up. */
function succeed(file: string, { first, place, content }: Successor): boolean {
  if (!createComplete(place, content)) return false;
  if (read(file)?.token === first && existsSync(file)) {
    renameSync(place, file);
    return true;
  }
  rmSync(place, { force: true });
  return false;
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

/** A link is atomic and never shows partial content; false when another process was first. */
function createComplete(file: string, content: LockContent): boolean {
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

function isOurs(file: string, token: string): boolean {
  return read(file)?.token === token;
}

/** An unreadable lock counts as dead. */
function read(file: string): LockContent | undefined {
  try {
    return lockSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}
