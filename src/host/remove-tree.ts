/**
 * The only recursive deletion: removes what this user made, and nothing else.
 *
 * A name in a folder that others can write to may be theirs, or become theirs between a check and the deletion. So the
 * tree is first moved into a new folder that only this user can enter, checked there, where nobody can replace it, and
 * removed there. All of this happens in folders that are open: renaming or linking their parents redirects nothing. The
 * programs that remove walk by file descriptor, follow no link, and manage paths that are too long for a system call.
 */
import { execFile } from 'node:child_process';
import { lstatSync, mkdtempSync, renameSync, rmdirSync, type Stats } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { ForeignFiles, ownUid } from './foreign-files.ts';
import { namesIn, type OpenFolder, openFolder, openFolderIfThere, openWithin } from './open-folder.ts';

/** Tells a file from a later one of the same name. */
export interface FileIdentity {
  readonly dev: number;
  readonly ino: number;
}

/**
 * Removes a file or folder with everything in it; does nothing if there is none. Throws `ForeignFiles` and leaves
 * everything in place if it belongs to another user, or is not the one that `made` names.
 */
export async function removeTree(target: string, made?: FileIdentity): Promise<void> {
  const parent = openFolderIfThere(path.dirname(target));
  if (parent === undefined) return;
  try {
    const place = path.join(parent.at, path.basename(target));
    if (lstatIfThere(place) !== undefined)
      await inPrivateFolder(parent, aside => remove({ target, place, aside, made }));
  } finally {
    parent.close();
  }
}

/** False if it is not ours: leftovers are looked for among the files of others. */
export async function removeIfOurs(target: string): Promise<boolean> {
  try {
    await removeTree(target);
    return true;
  } catch (error) {
    if (error instanceof ForeignFiles) return false;
    throw error;
  }
}

/** Removes what a process left here that was killed while it removed a tree. A newer folder may be that of a living one. */
export async function finishRemovals(folder: string): Promise<void> {
  const isOld = (place: string): boolean =>
    (lstatIfThere(place)?.mtimeMs ?? Infinity) < Date.now() - LEFT_AFTER_MS;
  for (const name of namesIn(folder))
    if (isBeingRemoved(name) && isOld(path.join(folder, name))) await removeIfOurs(path.join(folder, name));
}

/** Names of folders that this module makes next to what it removes. */
export function isBeingRemoved(name: string): boolean {
  return name.startsWith(ASIDE);
}

/** Removes the content of a folder, such as the root of a mounted file system, which cannot be moved. */
export async function emptyFolder(folder: string): Promise<void> {
  await inFolder(folder, cwd => run('find', ['.', '-mindepth', '1', '-delete'], { cwd }));
}

/** Removes everything with that name, in any case of its letters, at any depth of a folder that only this user can enter. */
export async function removeNamed(folder: string, name: string): Promise<void> {
  const words = ['.', '-mindepth', '1', '-iname', name, '-prune', '-exec', 'rm', '-rf', '--', '{}', '+'];
  await inFolder(folder, cwd => run('find', words, { cwd }));
}

const run = promisify(execFile);
const MOVED = 'moved';
const ASIDE = '.signalbox-removed-';
/** The tree is moved in at once; after that, two can remove it. */
const LEFT_AFTER_MS = 60_000;

/** The private folder. */
interface Aside extends OpenFolder {
  readonly name: string;
}

interface Removal {
  /** As people know it. */
  readonly target: string;
  /** The same below the open parent. */
  readonly place: string;
  readonly aside: Aside;
  readonly made: FileIdentity | undefined;
}

async function remove({ target, place, aside, made }: Removal): Promise<void> {
  const moved = path.join(aside.at, MOVED);
  try {
    renameSync(place, moved);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return; // somebody else removed it
    throw NOT_ALLOWED.includes(code) ? notRemoved(target, `cannot be moved by this user (${code})`) : error;
  }
  const problem = foreignness(lstatSync(moved), made);
  try {
    if (problem !== undefined) throw notRemoved(target, problem);
    await erase(aside);
  } catch (error) {
    putBack(moved, place);
    throw error;
  }
}

function putBack(moved: string, place: string): void {
  try {
    renameSync(moved, place);
  } catch {
    // It is gone, or its place is taken by now: then it stays where it is.
  }
}

const NOT_ALLOWED = ['EACCES', 'EPERM'];

function notRemoved(target: string, problem: string): ForeignFiles {
  return new ForeignFiles(`${target} ${problem}`, 'remove it yourself, or choose another place');
}

function foreignness({ uid, dev, ino }: Stats, made: FileIdentity | undefined): string | undefined {
  if (uid !== ownUid()) return `belongs to user ${uid}`;
  if (made !== undefined && (dev !== made.dev || ino !== made.ino))
    return 'is not what this process made there';
  return undefined;
}

/** A package may have removed the permissions on its files; root needs none. */
async function erase(aside: Aside): Promise<void> {
  const isLeft = (): boolean => lstatIfThere(path.join(aside.at, MOVED)) !== undefined;
  let problem = await rm(aside);
  if (isLeft() && ownUid() !== 0) {
    await run('chmod', ['--recursive', 'u+rwX', '--', MOVED], { cwd: aside.at }).catch(() => undefined);
    problem = await rm(aside);
  }
  if (isLeft()) throw problem;
}

/** The shell also removes the folder around it, so that nothing is left if this process ends before it. */
async function rm({ at: cwd, name }: Aside): Promise<unknown> {
  const script = `rm -rf -- ${MOVED} && rmdir -- "../$1"`;
  return await run('/bin/sh', ['-c', script, 'sh', name], { cwd }).catch((error: unknown) => error);
}

async function inPrivateFolder(parent: OpenFolder, work: (aside: Aside) => Promise<void>): Promise<void> {
  const place = mkdtempSync(path.join(parent.at, ASIDE));
  const name = path.basename(place);
  const aside = openWithin(parent, name);
  try {
    // Who can write to the parent can replace the folder before it is open.
    if (aside.stats.uid !== ownUid() || (aside.stats.mode & 0o077) !== 0)
      throw new ForeignFiles(`another user replaced ${name}`, 'check who can write to its folder');
    await work({ ...aside, name });
  } finally {
    aside.close();
    removeEmpty(place);
  }
}

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // It is gone, or something in it could be neither removed nor put back.
  }
}

async function inFolder(folder: string, work: (at: string) => Promise<unknown>): Promise<void> {
  const open = openFolder(folder);
  try {
    await work(open.at);
  } finally {
    open.close();
  }
}

function lstatIfThere(file: string): Stats | undefined {
  return lstatSync(file, { throwIfNoEntry: false });
}
