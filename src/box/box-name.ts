/** Names of boxes. A name contains the identity of its runner, so the leftovers of a dead runner can be found. */
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { removeIfOurs } from '../host/remove-tree.ts';
import { isSameProcess, ownIdentityText, parseIdentity } from '../host/process-identity.ts';

const PREFIX = 'signalbox-box-';
let made = 0;

export interface BoxName {
  readonly name: string;
  /** Prefix of the private directory on the host; `mkdtemp` adds a unique suffix. */
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

/** The directories of dead runners. Valid only in the PID namespace of those runners: the names contain process ids. */
export async function dirsLeftBehind(): Promise<readonly string[]> {
  return (await readdir(tmpdir())).filter(isLeftBehind).map(name => path.join(tmpdir(), name));
}

export async function removeDirs(dirs: readonly string[]): Promise<void> {
  for (const dir of dirs) await removeIfOurs(dir).catch(() => undefined);
}
