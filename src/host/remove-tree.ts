/**
 * The only recursive deletion: removes what this user made, and nothing else.
 *
 * A name in a folder that others can write to may be theirs, or become theirs between a check and the deletion. So the
 * tree is first moved into a new folder that only this user can enter, checked there, where nobody can replace it, and
 * removed there. All of this happens in folders that are open: renaming or linking their parents redirects nothing. The
 * programs that remove walk by file descriptor, follow no link, and manage paths that are too long for a system call.
 */
import { execFile } from 'node:child_process';
import { chmodSync, lstatSync, mkdtempSync, renameSync, rmdirSync, type Stats } from 'node:fs';
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
    const removal = { target, name: path.basename(target), parent, made };
    if (lstatIfThere(placeOf(removal)) === undefined) return;
    const aside = asideIn(parent);
    if (aside === undefined) await removeInPlace(removal);
    else await inPrivateFolder({ parent, aside }, open => remove(removal, open));
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

/**
 * Removes what a process left here that was killed while it removed a tree. It may have been killed before it saw that the
 * tree is another user's, or its place may have been taken: then the tree stays. A newer folder may be that of a living one.
 */
export async function finishRemovals(folder: string): Promise<void> {
  for (const name of namesIn(folder)) {
    const aside = path.join(folder, name);
    if (!isBeingRemoved(name) || !isOld(aside)) continue;
    if (await removeIfOurs(path.join(aside, MOVED))) await removeIfOurs(aside);
  }
}

/** Names of folders that this module makes next to what it removes. */
export function isBeingRemoved(name: string): boolean {
  return name.startsWith(ASIDE);
}

/** Removes the content of a folder, such as the root of a mounted file system, which cannot be moved. */
export async function emptyFolder(folder: string): Promise<void> {
  await inFolder(folder, cwd => run('find', ['.', '-mindepth', '1', '-xdev', '-delete'], { cwd }));
}

/** Removes everything with that name, in any case of its letters, at any depth of a folder that only this user can enter. */
export async function removeNamed(folder: string, name: string): Promise<void> {
  const words = [
    '.',
    '-mindepth',
    '1',
    '-xdev',
    '-iname',
    name,
    '-prune',
    '-exec',
    'rm',
    '-rf',
    '--',
    '{}',
    '+',
  ];
  await inFolder(folder, cwd => run('find', words, { cwd }));
}

const run = promisify(execFile);
const MOVED = 'moved';
const ASIDE = '.signalbox-removed-';
/** The tree is moved in at once; after that, two can remove it. */
const LEFT_AFTER_MS = 60_000;

function isOld(place: string): boolean {
  return (lstatIfThere(place)?.mtimeMs ?? Infinity) < Date.now() - LEFT_AFTER_MS;
}

/** The private folder. */
interface Aside extends OpenFolder {
  readonly name: string;
}

interface Removal {
  /** As people know it. */
  readonly target: string;
  readonly name: string;
  readonly parent: OpenFolder;
  readonly made: FileIdentity | undefined;
}

/** The target below the open parent. */
function placeOf({ parent, name }: Pick<Removal, 'parent' | 'name'>): string {
  return path.join(parent.at, name);
}

async function remove(removal: Removal, aside: Aside): Promise<void> {
  const { target, made } = removal;
  const moved = path.join(aside.at, MOVED);
  try {
    move(removal, moved);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return; // somebody else removed it
    // A folder of a container's image cannot be moved.
    if (code === 'EXDEV' && isPrivate(removal.parent)) {
      await removeInPlace(removal);
      return;
    }
    throw NOT_ALLOWED.includes(code) ? notRemoved(target, `cannot be moved by this user (${code})`) : error;
  }
  const problem = foreignness(lstatSync(moved), made);
  try {
    if (problem !== undefined) throw notRemoved(target, problem);
    await erase({ at: aside.at, name: MOVED, around: aside.name });
  } catch (error) {
    putBack(moved, placeOf(removal));
    throw error;
  }
}

/** An ordinary user can move only a folder that they can write to, and can change that only of their own. */
function move(removal: Removal, moved: string): void {
  const place = placeOf(removal);
  try {
    renameSync(place, moved);
  } catch (error) {
    const isClosed = (error as NodeJS.ErrnoException).code === 'EACCES' && ownUid() !== 0;
    if (!isClosed || lstatIfThere(place)?.isDirectory() !== true) throw error;
    const folder = openWithin(removal.parent, removal.name);
    try {
      chmodSync(folder.at, 0o700);
    } finally {
      folder.close();
    }
    renameSync(place, moved);
  }
}

/** Where only this user can write, nobody can replace the tree. */
async function removeInPlace(removal: Removal): Promise<void> {
  const { target, name, parent, made } = removal;
  const problem = foreignness(lstatSync(placeOf(removal)), made);
  if (problem !== undefined) throw notRemoved(target, problem);
  await erase({ at: parent.at, name, around: '' });
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

/**
 * A package may have removed the permissions on its files. Root needs none. Another file system in the tree belongs to
 * something else.
 */
async function erase(erasure: Erasure): Promise<void> {
  const { at: cwd, name } = erasure;
  const isLeft = (): boolean => lstatIfThere(path.join(cwd, name)) !== undefined;
  let problem = await rm(erasure);
  if (isLeft() && ownUid() !== 0) {
    await run('chmod', ['--recursive', 'u+rwX', '--', name], { cwd }).catch(() => undefined);
    problem = await rm(erasure);
  }
  if (isLeft()) throw problem;
}

interface Erasure {
  readonly at: string;
  readonly name: string;
  /** The folder to remove as well, in which the tree lies alone; empty for none. */
  readonly around: string;
}

/** The shell also removes the folder around it, so that nothing is left if this process ends before it. */
async function rm({ at: cwd, name, around }: Erasure): Promise<unknown> {
  const option = process.platform === 'linux' ? '--one-file-system' : '';
  const script = `rm -rf ${option} -- "$1" && { test -z "$2" || rmdir -- "../$2"; }`;
  return await run('/bin/sh', ['-c', script, 'sh', name, around], { cwd }).catch((error: unknown) => error);
}

/** Undefined if the disk is full and the parent is private, so that the tree can be removed where it is. */
function asideIn(parent: OpenFolder): string | undefined {
  try {
    return mkdtempSync(path.join(parent.at, ASIDE));
  } catch (error) {
    if (FULL.includes((error as NodeJS.ErrnoException).code ?? '') && isPrivate(parent)) return undefined;
    throw error;
  }
}

/** Only this user can replace what is in it. */
function isPrivate({ stats: { uid, mode } }: OpenFolder): boolean {
  return uid === ownUid() && (mode & 0o022) === 0;
}

const FULL = ['ENOSPC', 'EDQUOT'];

async function inPrivateFolder(
  { parent, aside: place }: { readonly parent: OpenFolder; readonly aside: string },
  work: (aside: Aside) => Promise<void>,
): Promise<void> {
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
