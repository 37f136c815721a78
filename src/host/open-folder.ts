/**
 * Opens folders for work that must not be redirected: what is done below `at` is done in the folder that was opened, even
 * if somebody renames it or puts a link in its path at that moment. It follows no link that another user could have made.
 */
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  type Stats,
} from 'node:fs';
import path from 'node:path';
import { ForeignFiles, ownUid } from './foreign-files.ts';

export interface OpenFolder {
  /** A path of the open folder itself: `/proc/self/fd/N` on Linux. Valid in this process and in its children's `cwd`. */
  readonly at: string;
  readonly stats: Stats;
  close(): void;
}

/** Throws `ForeignFiles` at a link that another user made, or could replace, and the system's error if it is no folder. */
export function openFolder(folder: string): OpenFolder {
  const full = path.resolve(folder);
  if (process.platform !== 'linux') return opened(openSync(full, constants.O_DIRECTORY), full);
  const walk: Walk = { fd: openSync('/', PLACE), rest: partsOf(full), links: 0 };
  try {
    while (walk.rest.length > 0) enter(walk, full);
    return opened(walk.fd, atOf(walk.fd));
  } catch (error) {
    closeSync(walk.fd);
    throw error;
  }
}

/** A folder in an open one, which must not be a link. */
export function openWithin({ at }: OpenFolder, name: string): OpenFolder {
  const place = path.join(at, name);
  const fd = openSync(place, PLACE);
  return opened(fd, process.platform === 'linux' ? atOf(fd) : place);
}

/** Undefined if nothing is there. */
export function openFolderIfThere(folder: string): OpenFolder | undefined {
  try {
    return openFolder(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The names in a folder; none if it does not exist. */
export function namesIn(folder: string): readonly string[] {
  const open = openFolderIfThere(folder);
  if (open === undefined) return [];
  try {
    return readdirSync(open.at);
  } finally {
    open.close();
  }
}

/** Node has no name for Linux's O_PATH: a place in the file system, which needs no permission to read. */
const O_PATH = process.platform === 'linux' ? 0o10000000 : 0;
const PLACE = O_PATH | constants.O_DIRECTORY | constants.O_NOFOLLOW;
const LINKS_MAX = 40;

interface Walk {
  /** The folder that was reached. */
  fd: number;
  /** What is left of the path. */
  rest: string[];
  links: number;
}

function enter(walk: Walk, full: string): void {
  const [name = '', ...rest] = walk.rest;
  // Not joined: that would resolve `..` by the text.
  const place = `${atOf(walk.fd)}/${name}`;
  const target = linkAt(walk, place, full);
  if (target === undefined) {
    const next = openSync(place, PLACE);
    closeSync(walk.fd);
    Object.assign(walk, { fd: next, rest });
    return;
  }
  walk.links += 1;
  if (walk.links > LINKS_MAX) throw new Error(`too many links in ${full}`);
  walk.rest = [...partsOf(target), ...rest];
  if (!path.isAbsolute(target)) return;
  const root = openSync('/', PLACE);
  closeSync(walk.fd);
  walk.fd = root;
}

/** The target of a link that only this user or root can have made and can replace; undefined for anything but a link. */
function linkAt({ fd }: Walk, place: string, full: string): string | undefined {
  const link = lstatSync(place);
  if (!link.isSymbolicLink()) return undefined;
  const folder = fstatSync(fd);
  const isOurs = isTrusted(link.uid) && isTrusted(folder.uid) && !mayReplace(folder);
  if (isOurs) return readlinkSync(place);
  throw new ForeignFiles(
    `${full} has a link in its path that user ${link.uid} made or others can replace`,
    'use a path without this link',
  );
}

function isTrusted(uid: number): boolean {
  return uid === 0 || uid === ownUid();
}

/** In a sticky folder such as /tmp, only the owner of a name can remove or replace it. */
function mayReplace({ mode }: Stats): boolean {
  return (mode & 0o022) !== 0 && (mode & STICKY) === 0;
}

const STICKY = 0o1000;

function opened(fd: number, at: string): OpenFolder {
  return { at, stats: fstatSync(fd), close: () => closeSync(fd) };
}

function atOf(fd: number): string {
  return `/proc/self/fd/${fd}`;
}

function partsOf(file: string): string[] {
  return file.split('/').filter(part => part !== '' && part !== '.');
}
