/** Whose a box is: its name says so, and what a dead runner left is found by it. */
import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { isSameProcess, ownIdentityText, parseIdentity } from '../host/process-identity.ts';

const PREFIX = 'signalbox-box-';
let made = 0;

export interface BoxName {
  readonly name: string;
  /** Of the private directory on the host, up to a few letters that make it unique. */
  readonly dirPrefix: string;
}

export function nextBoxName(): BoxName {
  const name = `${PREFIX}${ownIdentityText()}-${++made}`;
  return { name, dirPrefix: path.join(tmpdir(), `${name}-`) };
}

export function isLeftBehind(name: string): boolean {
  const owner = name.startsWith(PREFIX) ? parseIdentity(name.slice(PREFIX.length)) : undefined;
  return owner !== undefined && !isSameProcess(owner);
}

/** The directories of runners that are dead, by name. Only a process that counts processes as they did can tell. */
export async function dirsLeftBehind(): Promise<readonly string[]> {
  return (await readdir(tmpdir())).filter(isLeftBehind).map(name => path.join(tmpdir(), name));
}

export async function removeDirs(dirs: readonly string[]): Promise<void> {
  for (const dir of dirs) await rm(dir, { recursive: true, force: true }).catch(() => undefined);
}
