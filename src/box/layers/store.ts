/**
 * Stores the results of set-ups as read-only layers for runs. A layer is built once under a lock, published by one
 * rename, never changed, and removed when it is the least recently used. Only the runner's user can enter the directory.
 */
import { randomUUID } from 'node:crypto';
import { execFile } from 'node:child_process';
import { mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';

import { namesIn } from '../../host/open-folder.ts';
import { ownerLockState, takeOwnerLock, withOwnerLock } from '../../host/owner-lock.ts';
import { bootId } from '../../host/process-identity.ts';
import { finishRemovals, removeNamed, removeTree } from '../../host/remove-tree.ts';
import { copyRoots, type LayerRoot, untrackedRoots } from './take-out.ts';

export interface LayerLimits {
  readonly layersMax: number;
  readonly bytesMax: number;
}

export const defaultLayerLimits: LayerLimits = { layersMax: 30, bytesMax: 20 * 1024 ** 3 };

export interface LayerRequest {
  readonly rootDir: string;
  /** 64 hexadecimal digits: the digest of all inputs of the set-up. */
  readonly key: string;
  readonly limits: LayerLimits;
  readonly signal: AbortSignal;
  /** Runs the set-up in a separate checkout and passes it to `take`. The resolved value is stored with the files. */
  readonly build: (take: TakeOut) => Promise<unknown>;
}

/** Takes a checkout in which a set-up has finished, and the paths of its tracked files. */
export type TakeOut = (dir: string, tracked: ReadonlySet<string>) => Promise<void>;

export interface Layer {
  readonly key: string;
  /** Contains the roots; never written to. */
  readonly dir: string;
  readonly roots: readonly LayerRoot[];
  /** The value that `build` resolved to. */
  readonly record: unknown;
  /** False if this request built it. */
  readonly reused: boolean;
}

/** The layer is not removed while `use` runs. If `build` throws, this throws the same and no layer is stored. */
export async function withLayer<T>(request: LayerRequest, use: (layer: Layer) => Promise<T>): Promise<T> {
  if (!/^[0-9a-f]{64}$/.test(request.key)) throw new Error('not a layer key: expected 64 hexadecimal digits');
  const place = placeOf(request.rootDir, `${request.key}-${bootId()}`);
  await mkdir(place.leases, { recursive: true, mode: 0o700 });
  const lease = path.join(place.leases, `${place.name}.${randomUUID()}`);
  const layer = await withOwnerLock(place.lock, request.signal, async () => {
    const known = await present(place, request.key);
    if (known === undefined) await build(request, place);
    const taken = known ?? (await present(place, request.key));
    if (taken === undefined) throw new Error(`layer ${request.key} disappeared after it was built`);
    const now = new Date();
    await utimes(place.dir, now, now);
    takeOwnerLock(lease);
    return { ...taken, reused: known !== undefined };
  });
  try {
    if (!layer.reused) await prune(request.rootDir, request.limits);
    return await use(layer);
  } finally {
    await rm(lease, { force: true });
  }
}

/** Removes leftovers of killed processes (incomplete layers, locks, leases), and layers of an earlier boot. */
export async function sweepLayers(rootDir: string): Promise<void> {
  const names = namesIn(rootDir);
  const scratches = names.filter(name => name.startsWith(BUILDING) || name.startsWith(GONE));
  for (const scratch of new Set(scratches.map(name => path.join(rootDir, name.replace(OWNED, ''))))) {
    if (ownerLockState(`${scratch}${OWNER}`) === 'held') continue;
    await removeTree(scratch);
    await rm(`${scratch}${OWNER}`, { force: true });
  }
  await finishRemovals(rootDir);
  const locks = names.filter(name => name.endsWith(LOCK)).map(name => path.join(rootDir, name));
  const leases = namesIn(path.join(rootDir, LEASES)).map(name => path.join(rootDir, LEASES, name));
  for (const file of locks) {
    // Another process may take it over at this moment, so it is removed by its owner only. A lease has one owner ever.
    if (ownerLockState(file) === 'left-behind') takeOwnerLock(file)?.release();
  }
  for (const file of leases) {
    if (ownerLockState(file) === 'left-behind') await rm(file, { force: true });
  }
  const present = bootId();
  for (const name of names.filter(one => LAYER.test(one) && !one.endsWith(`-${present}`)))
    await removeUnused(rootDir, name);
}

/** Removes the least recently used layers until the rest is within the limits; keeps layers in use. Returns the keys. */
export async function prune(rootDir: string, limits: LayerLimits): Promise<readonly string[]> {
  const layers = await knownLayers(rootDir);
  const removed: string[] = [];
  let count = layers.length;
  let bytes = layers.reduce((sum, layer) => sum + layer.bytes, 0);
  for (const layer of layers) {
    if (count <= limits.layersMax && bytes <= limits.bytesMax) break;
    if (!(await removeUnused(rootDir, layer.name))) continue;
    removed.push(layer.name.slice(0, KEY_CHARS));
    count -= 1;
    bytes -= layer.bytes;
  }
  return removed;
}

const BUILDING = 'building-';
const GONE = 'gone-';
const OWNER = '.owner';
const OWNED = /\.owner.*$/;
const LOCK = '.lock';
const LEASES = 'leases';
const RECORD_FILE = 'layer.json';
const run = promisify(execFile);

/** The key and the id of the boot in which it was built: after a power cut, files of an earlier boot may be incomplete. */
const LAYER = /^[0-9a-f]{64}-[0-9a-f]+$/;
const KEY_CHARS = 64;

interface Place {
  readonly name: string;
  readonly dir: string;
  readonly lock: string;
  readonly leases: string;
}

function placeOf(rootDir: string, name: string): Place {
  const dir = path.join(rootDir, name);
  return { name, dir, lock: `${dir}${LOCK}`, leases: path.join(rootDir, LEASES) };
}

const recordSchema = z.object({
  roots: z.array(z.object({ path: z.string(), kind: z.enum(['dir', 'file']) })),
  bytes: z.number(),
  record: z.unknown(),
});

async function present(place: Place, key: string): Promise<Omit<Layer, 'reused'> | undefined> {
  const text = await readFile(path.join(place.dir, RECORD_FILE), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const { roots, record } = recordSchema.parse(JSON.parse(text));
  return { key, dir: path.join(place.dir, 'files'), roots, record };
}

/** Builds in a scratch directory and renames it when complete: a layer exists completely or not at all. */
async function build(request: LayerRequest, place: Place): Promise<void> {
  await inScratch(request.rootDir, BUILDING, async scratch => {
    const files = path.join(scratch, 'files');
    await mkdir(files, { recursive: true, mode: 0o700 });
    let roots: readonly LayerRoot[] = [];
    const record = await request.build(async (dir, tracked) => {
      roots = await untrackedRoots(dir, tracked);
      await copyRoots(dir, files, roots);
      // A repository in a run's files, with its own settings and hooks, that no change could show.
      await removeNamed(files, '.git');
    });
    request.signal.throwIfAborted();
    const bytes = await bytesOf(files);
    await writeFile(
      path.join(scratch, RECORD_FILE),
      JSON.stringify({ roots, bytes, record: record ?? null }),
    );
    await rename(scratch, place.dir).catch((error: unknown) => {
      // A runner of an older version that took over the same lock was faster, with the same layer.
      if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error;
    });
  });
}

async function inScratch(
  rootDir: string,
  prefix: string,
  work: (dir: string) => Promise<void>,
): Promise<void> {
  const scratch = path.join(rootDir, `${prefix}${randomUUID()}`);
  const owned = takeOwnerLock(`${scratch}${OWNER}`);
  try {
    await work(scratch);
  } finally {
    await removeTree(scratch);
    owned?.release();
  }
}

async function knownLayers(rootDir: string): Promise<{ name: string; bytes: number; usedAt: number }[]> {
  const names = namesIn(rootDir).filter(name => LAYER.test(name));
  const found = await Promise.all(
    names.map(async name => {
      const { dir } = placeOf(rootDir, name);
      const text = await readFile(path.join(dir, RECORD_FILE), 'utf8').catch(() => undefined);
      const usedAt = await stat(dir).then(
        stats => stats.mtimeMs,
        () => 0,
      );
      return { name, usedAt, bytes: text === undefined ? 0 : recordSchema.parse(JSON.parse(text)).bytes };
    }),
  );
  return found.sort((one, other) => one.usedAt - other.usedAt);
}

/** False if the layer is being built or used. */
async function removeUnused(rootDir: string, layer: string): Promise<boolean> {
  const place = placeOf(rootDir, layer);
  const lock = takeOwnerLock(place.lock);
  if (lock === undefined) return false;
  try {
    for (const name of namesIn(place.leases)) {
      if (name.startsWith(`${layer}.`) && ownerLockState(path.join(place.leases, name)) === 'held')
        return false;
    }
    await inScratch(rootDir, GONE, scratch => rename(place.dir, scratch));
    return true;
  } finally {
    lock.release();
  }
}

async function bytesOf(dir: string): Promise<number> {
  const { stdout } = await run('du', ['--summarize', '--block-size=1', '--', dir]);
  return Number.parseInt(stdout, 10);
}
