/** Whose a box is: its name says so, and what a dead runner left is found by it. */
import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { isIdentityAlive, ownIdentity, parseIdentity } from './process-identity.ts';

const PREFIX = 'signalbox-box-';
let made = 0;

export interface BoxName {
  readonly name: string;
  /** Of the private directory on the host, up to a few letters that make it unique. */
  readonly dirPrefix: string;
}

export async function nextBoxName(): Promise<BoxName> {
  const name = `${PREFIX}${await ownIdentity()}-${++made}`;
  return { name, dirPrefix: path.join(tmpdir(), `${name}-`) };
}

export async function isLeftBehind(name: string): Promise<boolean> {
  const owner = name.startsWith(PREFIX) ? parseIdentity(name.slice(PREFIX.length)) : undefined;
  return owner !== undefined && !(await isIdentityAlive(owner));
}

/** The directories of runners that are dead, by name. Only a process that counts processes as they did can tell. */
export async function dirsLeftBehind(): Promise<readonly string[]> {
  const dirs: string[] = [];
  for (const name of await readdir(tmpdir())) {
    if (await isLeftBehind(name)) dirs.push(path.join(tmpdir(), name));
  }
  return dirs;
}

export async function removeDirs(dirs: readonly string[]): Promise<void> {
  for (const dir of dirs) await rm(dir, { recursive: true, force: true }).catch(() => undefined);
}
