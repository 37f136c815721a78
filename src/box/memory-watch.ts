/**
 * Where no control group bounds the memory of a whole box, adds it up again and again and reports when it is too much.
 * It is later than the kernel would be, and blind to System V segments that no process is attached to.
 */
import { readdir, readFile, readlink, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { processStats, type ProcessStat } from '../host/proc.ts';

export interface MemoryWatch {
  /** Of the process that the box descends from, as the host sees it. */
  readonly pid: number;
  readonly memoryBytesMax: number;
}

const EVERY_MS = 100;

/** Returns how to stop watching. */
export function watchMemory(box: MemoryWatch, onExceeded: () => void): () => void {
  const stop = new AbortController();
  void watch(box, stop.signal).then(exceeded => {
    if (exceeded) onExceeded();
  });
  return () => stop.abort();
}

async function watch({ pid, memoryBytesMax }: MemoryWatch, stop: AbortSignal): Promise<boolean> {
  while (!stop.aborted) {
    const startedAt = performance.now();
    // Believed the second time: shares are read one after the other, and those of processes that end go to others.
    if ((await exceeds(pid, memoryBytesMax)) && (await exceeds(pid, memoryBytesMax))) return !stop.aborted;
    // Never more than a fifth of the time.
    const pauseMs = Math.max(EVERY_MS, 4 * (performance.now() - startedAt));
    await delay(pauseMs, undefined, { signal: stop }).catch(() => undefined);
  }
  return false;
}

/**
 * In two steps: one small file for each process has its resident pages, but what processes share is in them once for
 * each. Only where their sum is too much is the share of each asked for, which costs the kernel a walk.
 */
async function exceeds(pid: number, memoryBytesMax: number): Promise<boolean> {
  const tree = treeOf(pid);
  const files = await fileBytes(tree.map(process => process.pid));
  const resident = tree.reduce((sum, process) => sum + process.residentPages, 0) * PAGE_BYTES;
  if (resident + files <= memoryBytesMax) return false;
  const shares = await Promise.all(tree.map(shareOf));
  const sum = (kind: keyof Share): number => shares.reduce((bytes, share) => bytes + share[kind], 0);
  // A file in memory may be mapped as well: it is counted once, as whichever is more.
  return sum('own') + Math.max(sum('shared'), files) > memoryBytesMax;
}

/** Everything that descends from it: in a box orphans go to its first process, so none gets away. */
function treeOf(pid: number): readonly ProcessStat[] {
  const all = processStats();
  const childrenOf = new Map<number, ProcessStat[]>();
  for (const one of all) childrenOf.set(one.parent, [...(childrenOf.get(one.parent) ?? []), one]);
  const tree = all.filter(one => one.pid === pid);
  for (const one of tree) tree.push(...(childrenOf.get(one.pid) ?? []));
  return tree;
}

const PAGE_BYTES = 4096;

interface Share {
  readonly own: number;
  readonly shared: number;
}

/** Pages of programs and files on disk are left out: the kernel takes them back when it wants to. */
async function shareOf({ pid, residentPages }: ProcessStat): Promise<Share> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch((error: unknown) =>
    // What has ended has nothing; what hides its shares is taken to have all of it alone.
    (error as NodeJS.ErrnoException).code === 'EACCES' ? undefined : '',
  );
  if (text === undefined) return { own: residentPages * PAGE_BYTES, shared: 0 };
  const bytes = (field: string): number =>
    1024 * Number(new RegExp(`^${field}: +(\\d+) kB$`, 'm').exec(text)?.[1] ?? 0);
  return { own: bytes('Pss_Anon') + bytes('SwapPss'), shared: bytes('Pss_Shmem') };
}

/** Where boxes have file systems in memory; each may be bounded by itself, but not all together with the rest. */
const IN_MEMORY = ['', 'dev', 'dev/shm', 'tmp', 'home/agent'];

/** Files that lie in memory, whether a process maps them or not. */
async function fileBytes(pids: readonly number[]): Promise<number> {
  const nameless = new Map((await Promise.all(pids.map(namelessFiles))).flat());
  const used = new Map((await Promise.all(IN_MEMORY.map(dir => usedIn(pids.at(-1), dir)))).flat());
  return [...nameless.values(), ...used.values()].reduce((sum, bytes) => sum + bytes, 0);
}

/** What `memfd_create` made: open files without a place, by their number. */
async function namelessFiles(pid: number): Promise<readonly (readonly [inode: number, bytes: number])[]> {
  const dir = `/proc/${pid}/fd`;
  const names = await readdir(dir).catch(() => []);
  const found = await Promise.all(
    names.map(async name => {
      const file = path.join(dir, name);
      if (!(await readlink(file).catch(() => '')).startsWith('/memfd:')) return [];
      const stats = await stat(file).catch(() => undefined);
      return stats === undefined ? [] : [[stats.ino, stats.blocks * 512] as const];
    }),
  );
  return found.flat();
}

/** While a box is being made its processes still see the host's own directory, which is none of its business. */
async function usedIn(
  pid: number | undefined,
  dir: string,
): Promise<readonly (readonly [device: number, bytes: number])[]> {
  const inBox = `/proc/${pid ?? 0}/root/${dir}`;
  const [seen, host] = await Promise.all([inBox, `/${dir}`].map(place => stat(place).catch(() => undefined)));
  if (seen === undefined || seen.dev === host?.dev) return [];
  const space = await statfs(inBox).catch(() => undefined);
  return space === undefined ? [] : [[seen.dev, space.bsize * (space.blocks - space.bfree)]];
}
