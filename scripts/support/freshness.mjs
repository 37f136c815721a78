/** Checks whether node_modules matches the lock file and whether dist/ is up to date. Runs no program. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inRoot } from './root.mjs';

export const sourceFolders = ['src', 'simulator', 'demo', 'bin'];
const workflowFolders = ['src/workflows', 'src/contracts', 'src/domain'];
/** @typedef {{ file: string, digest: () => string }} Stamp */

const buildInputs = ['package.json', 'tsconfig.json', 'tsconfig.build.json', 'scripts/support'];

/**
 * Compares contents, because a copied or restored folder has arbitrary times. npm records what it installed; optional
 * packages can be missing there, for example those for other platforms.
 */
export function isInstalled() {
  const wanted = readJson('package-lock.json')?.packages;
  const present = readJson('node_modules/.package-lock.json')?.packages;
  if (!wanted || !present) return false;
  return Object.entries(wanted).every(([place, entry]) => {
    if (place === '' || entry.link) return true;
    const found = present[place];
    return found
      ? found.version === entry.version && found.integrity === entry.integrity
      : entry.optional === true;
  });
}

export const stamps = {
  build: { file: 'dist/.stamp', digest: () => digestOf([...sourceFolders, ...buildInputs]) },
  bundle: {
    file: 'dist/.stamp-workflows',
    digest: () => digestOf([...workflowFolders, 'package.json', 'package-lock.json']),
  },
};

/** @param {Stamp} stamp */
export function isFresh(stamp) {
  return readText(stamp.file) === stamp.digest();
}

/**
 * Take the digest before the build: then an edit during the build makes dist/ out of date.
 * @param {Stamp} stamp
 * @param {string} digest
 */
export function setStamp(stamp, digest) {
  mkdirSync(inRoot('dist'), { recursive: true });
  writeFileSync(inRoot(stamp.file), digest);
}

/** @param {Stamp} stamp */
export function clearStamp(stamp) {
  rmSync(inRoot(stamp.file), { force: true });
}

/**
 * @param {string} relative
 * @returns {Generator<string, void>}
 */
export function* filesUnder(relative) {
  const absolute = inRoot(relative);
  if (!existsSync(absolute)) return;
  if (!statSync(absolute).isDirectory()) {
    yield relative;
    return;
  }
  for (const entry of readdirSync(absolute, { withFileTypes: true })) {
    const inside = path.posix.join(relative, entry.name);
    if (entry.isDirectory()) yield* filesUnder(inside);
    else yield inside;
  }
}

/**
 * Covers names, sizes and times, so a deleted file changes it; reads no contents.
 * @param {string[]} places
 */
function digestOf(places) {
  const hash = createHash('sha256').update(process.version);
  for (const place of places) {
    for (const file of [...filesUnder(place)].sort()) {
      const { size, mtimeMs } = statSync(inRoot(file));
      hash.update(`${file}\0${size}\0${mtimeMs}\n`);
    }
  }
  return hash.digest('hex');
}

/**
 * @typedef {{ version?: string, integrity?: string, link?: boolean, optional?: boolean }} LockedPackage
 * @param {string} relative
 * @returns {{ packages?: Record<string, LockedPackage> } | undefined}
 */
function readJson(relative) {
  const text = readText(relative);
  return text === undefined
    ? undefined
    : /** @type {{ packages?: Record<string, LockedPackage> }} */ (JSON.parse(text));
}

/** @param {string} relative */
function readText(relative) {
  return existsSync(inRoot(relative)) ? readFileSync(inRoot(relative), 'utf8') : undefined;
}
