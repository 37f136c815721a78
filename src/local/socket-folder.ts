/**
 * The folder of the sockets and accounts of a supervised model gateway. Each start makes a new one in the temporary
 * directory, so its name is not known in advance. A note in it says whose it is: what a killed process left is found by it.
 */
import { chmodSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownUid } from '../host/foreign-files.ts';
import { openFolder } from '../host/open-folder.ts';
import { makeOwnFolder, type OwnFolder } from '../host/own-folder.ts';
import { bootId, isSameProcess, ownIdentityText, parseIdentity } from '../host/process-identity.ts';
import { finishRemovals, removeIfOurs } from '../host/remove-tree.ts';

export interface SocketFolder extends OwnFolder {
  /** The setting by which the runner and the model gateway find it. */
  readonly values: Readonly<Record<string, string>>;
}

/** The gateway may change the owner of the folder inside, but nobody can replace it: the outer folder stays ours. */
export function makeSocketFolder(dataDir: string): SocketFolder {
  const { dir, remove } = makeOwnFolder(join(tmpdir(), PREFIX));
  writeFileSync(join(dir, NOTE), noteFor(dataDir), { mode: 0o600 });
  const inner = join(dir, 'gw');
  mkdirSync(inner);
  chmodSync(inner, 0o711);
  // The model gateway of root runs as its own user, which must be able to pass.
  if (ownUid() === 0) chmodSync(dir, 0o711);
  return { dir: inner, remove, values: { SIGNALBOX_MODEL_GATEWAY_DIR: inner } };
}

/** Removes the folders of this user's dead processes. */
export async function sweepSocketFolders(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const dir = join(tmpdir(), name);
    if (name.startsWith(PREFIX) && isLeftBehind(dir)) await removeIfOurs(dir);
  }
  await finishRemovals(tmpdir());
}

/** Short: Linux limits the path of a socket in it to 107 bytes. */
const PREFIX = 'signalbox-';
const NOTE = 'owner';

/**
 * Process ids mean nothing outside their namespace: containers can share the temporary directory. The data directory is
 * for people.
 */
function noteFor(dataDir: string): string {
  return [ownIdentityText(), pidNamespace(), dataDir].join('\n');
}

function isLeftBehind(dir: string): boolean {
  const [identity = '', namespace] = noteIn(dir)?.split('\n') ?? [];
  const owner = parseIdentity(identity);
  if (owner === undefined) return false;
  return owner.boot !== bootId() || (namespace === pidNamespace() && !isSameProcess(owner));
}

/** Undefined for a folder of another user, or of something else. */
function noteIn(dir: string): string | undefined {
  try {
    const folder = openFolder(dir);
    try {
      return folder.stats.uid === ownUid() ? readFileSync(join(folder.at, NOTE), 'utf8') : undefined;
    } finally {
      folder.close();
    }
  } catch {
    return undefined;
  }
}

function pidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}
