/**
 * Measures the memory of a box repeatedly and reports when it is too much. Used where no control group limits it. It
 * reacts later than the kernel would, and it does not see System V segments that no process is attached to.
 */
import { readdirSync, readlinkSync, statSync } from 'node:fs';
import { readFile, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';

import { processStats, type ProcessStat } from '../host/proc.ts';

export interface MemoryWatch {
  /** The root process of the box, by its id on the host. */
  readonly pid: number;
  readonly memoryBytesMax: number;
}

const EVERY_MS = 100;

/** Returns a function that stops the watch. */
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
    // Measures twice: shares are read one by one, and when a process ends, its share moves to other processes.
    if ((await exceeds(pid, memoryBytesMax)) && (await exceeds(pid, memoryBytesMax))) return !stop.aborted;
    // Use at most a fifth of the time.
    const pauseMs = Math.max(EVERY_MS, 4 * (performance.now() - startedAt));
    await delay(pauseMs, undefined, { signal: stop }).catch(() => undefined);
  }
  return false;
}

/**
 * In two steps. The resident pages of each process are cheap to read, but count shared pages once per process. Only if
 * their sum exceeds the limit are proportional shares read, for which the kernel must walk the page tables.
 */
async function exceeds(pid: number, memoryBytesMax: number): Promise<boolean> {
  const tree = treeOf(pid);
  const files = await fileBytes(tree.map(process => process.pid));
  const resident = tree.reduce((sum, process) => sum + process.residentPages, 0) * PAGE_BYTES;
  if (resident + files <= memoryBytesMax) return false;
  const shares = await Promise.all(tree.map(shareOf));
  const sum = (kind: keyof Share): number => shares.reduce((bytes, share) => bytes + share[kind], 0);
  // Files in memory may be mapped too: count the larger of the two sums, not both.
  return sum('own') + Math.max(sum('shared'), files) > memoryBytesMax;
}

/** The process and its descendants. In a box, orphans become children of its first process, so none is missed. */
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

/** Leaves out pages of programs and files on disk, which the kernel can reclaim at any time. */
async function shareOf({ pid, residentPages }: ProcessStat): Promise<Share> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch((error: unknown) =>
    // A process that has ended uses nothing. If its shares are not readable, all its resident pages count as its own.
    (error as NodeJS.ErrnoException).code === 'EACCES' ? undefined : '',
  );
  if (text === undefined) return { own: residentPages * PAGE_BYTES, shared: 0 };
  const bytes = (field: string): number =>
    1024 * Number(new RegExp(`^${field}: +(\\d+) kB$`, 'm').exec(text)?.[1] ?? 0);
  return { own: bytes('Pss_Anon') + bytes('SwapPss'), shared: bytes('Pss_Shmem') };
}

/** Mount points of file systems in memory. Each has a limit, but their sum with all other memory has none. */
const IN_MEMORY = ['', 'dev', 'dev/shm', 'tmp', 'home/agent'];

/**
 * Bytes of files in memory, whether mapped or not; infinite with more descriptors than can be looked through in a moment,
 * each of which also uses memory of the kernel.
 */
async function fileBytes(pids: readonly number[]): Promise<number> {
  const memfds = new Map<number, number>();
  let left = DESCRIPTORS_MAX;
  for (const pid of pids) {
    const names = descriptorsOf(pid);
    left -= names.length;
    if (left < 0) return Infinity;
    for (const file of names) noteMemfd(memfds, file);
    // One process has at most a few thousand.
    await nextTurn();
  }
  const used = new Map((await Promise.all(IN_MEMORY.map(dir => usedIn(pids.at(-1), dir)))).flat());
  return [...memfds.values(), ...used.values()].reduce((sum, bytes) => sum + bytes, 0);
}

/** Of a whole box. */
const DESCRIPTORS_MAX = 65_536;

function descriptorsOf(pid: number): readonly string[] {
  const dir = `/proc/${pid}/fd`;
  try {
    return readdirSync(dir).map(name => path.join(dir, name));
  } catch {
    return [];
  }
}

/** Open files that `memfd_create` made, by inode. */
function noteMemfd(memfds: Map<number, number>, file: string): void {
  try {
    if (!readlinkSync(file).startsWith('/memfd:')) return;
    const { ino, blocks } = statSync(file);
    memfds.set(ino, blocks * 512);
  } catch {
    // It has been closed.
  }
}

/** While a box is being made, its processes still see the host's directory, which does not count. */
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
