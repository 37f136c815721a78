/** Takes out of a checkout what a set-up left there beside the tracked files, following no link. */
import { execFile } from 'node:child_process';
import { lstat, mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

import { takesOverlays } from '../about-box.ts';
import type { BoxTier } from '../tier.ts';

/** The highest place of something untracked, relative to the checkout: `node_modules`, `packages/a/node_modules`. */
export interface LayerRoot {
  readonly path: string;
  readonly kind: 'dir' | 'file';
}

export class LayerTooWide extends Error {
  override readonly name = 'LayerTooWide';
}

/** Each place becomes a mount of its own. */
export const LAYER_ROOTS_MAX = 200;
const PATH_BYTES_MAX = 500;

/** Only real directories are entered; links and special files at the top are left out: no tool makes them there. */
export async function untrackedRoots(
  dir: string,
  tracked: ReadonlySet<string>,
): Promise<readonly LayerRoot[]> {
  const trackedDirs = directoriesOf(tracked);
  const roots: LayerRoot[] = [];
  const look = async (below: string): Promise<void> => {
    for (const entry of await readdir(path.join(dir, below), { withFileTypes: true })) {
      const name = path.posix.join(below, entry.name);
      if (entry.isDirectory() && trackedDirs.has(name)) await look(name);
      else if (!tracked.has(name) && !trackedDirs.has(name) && isKept(name)) {
        if (entry.isDirectory()) roots.push({ path: name, kind: 'dir' });
        else if (entry.isFile()) roots.push({ path: name, kind: 'file' });
      }
    }
  };
  await look('');
  if (roots.length > LAYER_ROOTS_MAX)
    throw new LayerTooWide(
      `the set-up left files in ${roots.length} places of the checkout, more than ${LAYER_ROOTS_MAX}`,
    );
  return roots.sort((one, other) => (one.path < other.path ? -1 : 1));
}

/** With owners, times, modes and links as they are, as copies of their own. */
export async function copyRoots(from: string, to: string, roots: readonly LayerRoot[]): Promise<void> {
  for (const root of roots) {
    const target = path.join(to, root.path);
    await mkdir(path.dirname(target), { recursive: true });
    const how = ['--archive', '--reflink=auto', '--no-target-directory'];
    await run('cp', [...how, '--', path.join(from, root.path), target]);
  }
}

/**
 * Puts a layer below a checkout: as overlays where the tier takes them, else as a copy. What the commit itself has at
 * such a place wins, and nothing is put behind a link.
 */
export async function placeLayer(place: {
  readonly tier: BoxTier;
  readonly layerDir: string;
  readonly roots: readonly LayerRoot[];
  readonly dir: string;
}): Promise<{ readonly overlaid: readonly string[]; readonly leftOut: readonly string[] }> {
  const free: LayerRoot[] = [];
  const leftOut: string[] = [];
  for (const root of place.roots) {
    if (await isFree(place.dir, root.path)) free.push(root);
    else leftOut.push(root.path);
  }
  const overlaid = takesOverlays(place.tier) ? free.filter(root => root.kind === 'dir') : [];
  const copied = free.filter(root => !overlaid.includes(root));
  await copyRoots(place.layerDir, place.dir, copied);
  return { overlaid: overlaid.map(root => root.path), leftOut };
}

const run = promisify(execFile);

/** Nothing that git or the box itself gives a meaning, and no name that is too long to be mounted. */
function isKept(name: string): boolean {
  return name.toLowerCase() !== '.git' && Buffer.byteLength(name) <= PATH_BYTES_MAX;
}

function directoriesOf(files: ReadonlySet<string>): ReadonlySet<string> {
  const dirs = new Set<string>();
  for (const file of files) {
    for (let dir = path.posix.dirname(file); dir !== '.' && !dirs.has(dir); dir = path.posix.dirname(dir))
      dirs.add(dir);
  }
  return dirs;
}

async function isFree(dir: string, name: string): Promise<boolean> {
  const parts = name.split('/');
  for (let depth = 1; depth < parts.length; depth++) {
    const above = await lstat(path.join(dir, ...parts.slice(0, depth))).catch(() => undefined);
    if (above?.isDirectory() !== true) return false;
  }
  return (await lstat(path.join(dir, name)).catch(() => undefined)) === undefined;
}
