/**
 * Lock files of this host: a lock names the processes that hold it, and is free again when all of them are gone.
 *
 * Create: the content is written to a draft and linked to its place. The link is atomic, has one winner, and shows the
 * complete content from the first moment.
 *
 * Take over: no process removes the lock of another, because a living process may hold it by then. A process that finds
 * a dead lock creates the successor `FILE.TOKEN` (again a link with one winner), checks that the dead lock is still in
 * place, and renames the successor to `FILE`. While a successor exists, only its owner moves anything; if that owner
 * dies first, the successor's own token names the next place.
 *
 * This needs one property of the format: the token of a dead lock never appears in the file again. The JSON format has a
 * random token for each lock. The text format has only the identity of its owner (process id, start time, boot), and
 * one process can take the same lock many times, always with the same token. That is sound for these reasons:
 * - Takeovers compare tokens of dead owners only, and a dead process creates no further lock. So neither `FILE` nor a
 *   successor gets that content again. For the same reason the successors cannot form a circle: each owner outlived
 *   the one before.
 * - Release compares the token of a living process. No other process replaces its lock while it lives, so what the file
 *   holds under this token is what this process took last. A lock object releases once, so that a second call cannot
 *   release what the same process took again.
 * It relies on start times, which only Linux reports here. If a person deletes the file of a living process and the same
 * process takes it again, only the JSON format tells the two locks apart.
 *
 * scripts/support/lock.mjs has the same protocol without dependencies.
 */
import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { isSameProcess, type ProcessIdentity } from './process-identity.ts';

export interface LockContent {
  /** Part of the successor's file name; see above for what it must guarantee. */
  readonly token: string;
  readonly owner: ProcessIdentity;
  /** The lock also lasts as long as one of these lives. */
  readonly others: readonly ProcessIdentity[];
}

export interface LockFormat {
  serialise(content: LockContent): string;
  /** Undefined for a text that no holder writes: such a lock has no holder. */
  parse(text: string): LockContent | undefined;
}

export interface HeldLock {
  /** Does nothing when the lock is no longer ours. */
  setOthers(others: readonly ProcessIdentity[]): void;
  /** Does nothing when the lock is no longer ours. */
  release(): void;
}

export interface HeldByOther {
  readonly kind: 'held';
  readonly pid: number;
  /** If the owner is dead and only a process that it added lives, the lock will soon be free. */
  readonly ownerAlive: boolean;
}

export type LockAttempt = { readonly kind: 'acquired'; readonly lock: HeldLock } | HeldByOther;
export type LockState = 'free' | 'held' | 'left-behind';

const ATTEMPTS_MAX = 5;

/** Does not wait. The folder must exist. */
export function acquireLock(file: string, format: LockFormat, content: LockContent): LockAttempt {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const acquired = create(file, format.serialise(content)) || takeOver(file, format, content);
    if (acquired === true) return { kind: 'acquired', lock: heldLock(file, format, content) };
    if (acquired !== false) return acquired;
  }
  // Others took and released it each time.
  const last = readLock(file, format);
  return { kind: 'held', pid: typeof last === 'string' ? 0 : last.owner.pid, ownerAlive: true };
}

/** Left behind: all its holders are dead, or no holder can be read from it. */
export function stateOfLock(file: string, format: LockFormat): LockState {
  const { first, living } = succession(file, format);
  if (living !== undefined) return 'held';
  return first === 'absent' ? 'free' : 'left-behind';
}

/** Throws when the file exists and cannot be read: its holder may live. */
export function readLock(file: string, format: LockFormat): LockContent | 'absent' | 'unreadable' {
  try {
    return format.parse(readFileSync(file, 'utf8')) ?? 'unreadable';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'absent';
    throw error;
  }
}

type Found = ReturnType<typeof readLock>;

interface Succession {
  /** What `FILE` holds. */
  readonly first: Found;
  /** The successors' places in order. The last one is vacant. */
  readonly places: readonly string[];
  readonly living?: HeldByOther;
}

function succession(file: string, format: LockFormat): Succession {
  const first = readLock(file, format);
  const places: string[] = [];
  let place = file;
  for (let found = first; found !== 'absent'; found = readLock(place, format)) {
    const living = found === 'unreadable' ? undefined : livingHolder(found);
    if (living !== undefined) return { first, places, living };
    place = found === 'unreadable' ? `${place}.unreadable` : `${file}.${found.token}`;
    places.push(place);
  }
  return { first, places };
}

function livingHolder({ owner, others }: LockContent): HeldByOther | undefined {
  const ownerAlive = isSameProcess(owner);
  const living = ownerAlive ? owner : others.find(isSameProcess);
  return living === undefined ? undefined : { kind: 'held', pid: living.pid, ownerAlive };
}

/** False when another process was faster. */
function takeOver(file: string, format: LockFormat, content: LockContent): boolean | HeldByOther {
  const { first, places, living } = succession(file, format);
  if (living !== undefined) return living;
  const place = places.at(-1);
  if (place === undefined || !create(place, format.serialise(content))) return false;
  // If another successor has been moved there in the meantime, this place is not part of the succession.
  const isNext = isSameLock(readLock(file, format), first);
  if (isNext) renameSync(place, file);
  for (const name of isNext ? places.slice(0, -1) : [place]) rmSync(name, { force: true });
  return isNext;
}

function isSameLock(one: Found, other: Found): boolean {
  if (typeof one === 'string' || typeof other === 'string') return one === other;
  return one.token === other.token;
}

function heldLock(file: string, format: LockFormat, content: LockContent): HeldLock {
  let released = false;
  const isOurs = (): boolean => !released && isSameLock(readLock(file, format), content);
  return {
    setOthers(others) {
      if (isOurs()) renameSync(writeDraft(file, format.serialise({ ...content, others })), file);
    },
    release() {
      if (isOurs()) rmSync(file, { force: true });
      released = true;
    },
  };
}

/** False when the place is taken. */
function create(place: string, text: string): boolean {
  const draft = writeDraft(place, text);
  try {
    linkSync(draft, place);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function writeDraft(place: string, text: string): string {
  const draft = `${place}.${randomUUID()}`;
  writeFileSync(draft, text, { mode: 0o600 });
  return draft;
}
