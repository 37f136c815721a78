/** Measures a workspace repeatedly and reports when it is too big. Used where no file system limits it. */
import type { Dirent } from 'node:fs';
import { lstat, opendir, statfs } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

export interface WorkspaceLimits {
  readonly workspaceBytesMax: number;
  readonly workspaceFilesMax: number;
}

const EVERY_MS = 500;

/** Returns a function that stops the watch. Does nothing when the workspace is a separate, small enough file system. */
export function watchWorkspace(dir: string, limits: WorkspaceLimits, onExceeded: () => void): () => void {
  const stop = new AbortController();
  void watch(dir, limits, stop.signal).then(exceeded => {
    if (exceeded) onExceeded();
  });
  return () => stop.abort();
}

async function watch(dir: string, limits: WorkspaceLimits, stop: AbortSignal): Promise<boolean> {
  if (await isBounded(dir, limits)) return false;
  while (!stop.aborted) {
    const startedAt = performance.now();
    if (await exceeds(dir, limits, stop)) return !stop.aborted;
    // Measuring a big tree takes time: use at most a fifth of it.
    const pauseMs = Math.max(EVERY_MS, 4 * (performance.now() - startedAt));
    await delay(pauseMs, undefined, { signal: stop }).catch(() => undefined);
  }
  return false;
}

/** Allows one block more than the limit, because file systems round up to blocks. */
async function isBounded(dir: string, limits: WorkspaceLimits): Promise<boolean> {
  const { bsize, blocks, files } = await statfs(dir);
  return (
    blocks > 0 && bsize * blocks <= limits.workspaceBytesMax + bsize && files <= limits.workspaceFilesMax
  );
}

async function exceeds(root: string, limits: WorkspaceLimits, stop: AbortSignal): Promise<boolean> {
  let bytes = 0;
  let files = 0;
  const dirs = [root];
  for (let dir = dirs.pop(); dir !== undefined && !stop.aborted; dir = dirs.pop()) {
    for await (const entry of entriesOf(dir)) {
      files += 1;
      const full = path.join(dir, entry.name);
      if (entry.isDirectory()) dirs.push(full);
      else bytes += await bytesOf(full);
      if (files > limits.workspaceFilesMax || bytes > limits.workspaceBytesMax) return true;
    }
  }
  return false;
}

/** In portions: one directory can have millions of names, which would keep the event loop busy. */
async function* entriesOf(dir: string): AsyncGenerator<Dirent> {
  try {
    yield* await opendir(dir, { bufferSize: NAMES_AT_ONCE });
  } catch {
    // The tree changes during the count: it has disappeared.
  }
}

const NAMES_AT_ONCE = 256;

/** A file that has disappeared counts as 0. */
async function bytesOf(file: string): Promise<number> {
  return await lstat(file).then(
    stats => stats.blocks * 512,
    () => 0,
  );
}
