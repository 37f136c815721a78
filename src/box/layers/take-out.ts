/** Copies untracked files, as a set-up leaves them, out of a checkout and into another one. Never follows a link. */
import { execFile } from 'node:child_process';
import { lstat, mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

import { takesOverlays } from '../about-box.ts';
import type { BoxTier } from '../tier.ts';

/** The topmost path of untracked files, relative to the checkout: `node_modules`, `packages/a/node_modules`. */
export interface LayerRoot {
  readonly path: string;
  readonly kind: 'dir' | 'file';
}

export class LayerTooWide extends Error {
  override readonly name = 'LayerTooWide';
}

/** Each root becomes a separate mount. */
export const LAYER_ROOTS_MAX = 200;
const PATH_BYTES_MAX = 500;

/** Enters only real directories. Leaves out links and special files as roots, since no tool creates them there. */
export async function untrackedRoots(
  dir: string,
  tracked: ReadonlySet<string>,
): Promise<readonly LayerRoot[]> {
  const trackedDirs = directoriesOf(tracked);
  const roots: LayerRoot[] = [];
  const visit = async (parent: string): Promise<void> => {
    for (const entry of await readdir(path.join(dir, parent), { withFileTypes: true })) {
      const name = path.posix.join(parent, entry.name);
      if (entry.isDirectory() && trackedDirs.has(name)) await visit(name);
      else if (!tracked.has(name) && !trackedDirs.has(name) && isKept(name)) {
        if (entry.isDirectory()) roots.push({ path: name, kind: 'dir' });
        else if (entry.isFile()) roots.push({ path: name, kind: 'file' });
      }
    }
  };
  await visit('');
  if (roots.length > LAYER_ROOTS_MAX)
    throw new LayerTooWide(
      `the set-up left files in ${roots.length} places of the checkout, more than ${LAYER_ROOTS_MAX}`,
    );
  return roots.sort((one, other) => (one.path < other.path ? -1 : 1));
}

/** Keeps owners, times, modes and links. */
export async function copyRoots(from: string, to: string, roots: readonly LayerRoot[]): Promise<void> {
  for (const root of roots) {
    const target = path.join(to, root.path);
    await mkdir(path.dirname(target), { recursive: true });
    const how = ['--archive', '--reflink=auto', '--no-target-directory'];
    await run('cp', [...how, '--', path.join(from, root.path), target]);
  }
}

/**
 * Adds a layer to a checkout: as overlays if the tier supports them, otherwise as a copy. A path that the commit contains
 * is left out, and so is a path below a link.
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

/** Rejects `.git` and names that are too long to be mounted. */
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
