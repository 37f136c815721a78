/**
 * A gateway started as root switches to its own user before it listens. The box's user then cannot access its files, and
 * only root can read its memory, which contains the key.
 */
import { accessSync, chownSync, constants, mkdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { ForeignFiles } from '../host/foreign-files.ts';
import { type OpenFolder, openFolder, openWithin } from '../host/open-folder.ts';
import { GatewayConfigError } from './config.ts';

/**
 * Creates the directory if it is missing, and switches to the gateway's user if this is root. Refuses a directory that
 * another user owns or can write. Do what needs root, such as reading the key file, before this call.
 */
export function claimDirectory(dir: string, ownUid: number): void {
  const folder = openClaimed(dir);
  try {
    const { uid, mode } = folder.stats;
    if (![process.getuid?.(), ownUid].includes(uid) || (mode & 0o022) !== 0) throw notOurs(dir);
    // Below the open folder, root changes the owner of what it has checked, whatever the path means by now.
    becomeOwnUser({ dir, at: folder.at }, ownUid);
  } finally {
    folder.close();
  }
}

/** A link is refused, even one of root: it could lead to a directory that serves something else. */
function openClaimed(dir: string): OpenFolder {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o711 });
    const parent = openFolder(dirname(dir));
    try {
      return openWithin(parent, basename(dir));
    } finally {
      parent.close();
    }
  } catch (error) {
    if (error instanceof ForeignFiles)
      throw new GatewayConfigError(`SIGNALBOX_MODEL_GATEWAY_DIR: ${error.message}`);
    if (IN_THE_WAY.includes(codeOf(error))) throw notOurs(dir);
    throw new GatewayConfigError(
      `SIGNALBOX_MODEL_GATEWAY_DIR: cannot create ${dir} (${codeOf(error)}). Fix: name a short path below a directory that only this user can write`,
    );
  }
}

/** Something of that name exists and is no directory. */
const IN_THE_WAY = ['EEXIST', 'ENOTDIR', 'ELOOP'];

function notOurs(dir: string): GatewayConfigError {
  return new GatewayConfigError(
    `SIGNALBOX_MODEL_GATEWAY_DIR: ${dir} must be a directory that this user owns and no one else can write`,
  );
}

/** Does nothing for an ordinary user. */
function becomeOwnUser({ dir, at }: { readonly dir: string; readonly at: string }, ownUid: number): void {
  if (process.getuid?.() !== 0) return;
  try {
    chownSync(at, ownUid, ownUid);
    process.setgroups?.([]);
    process.setgid?.(ownUid);
    process.setuid?.(ownUid);
  } catch (error) {
    throw new GatewayConfigError({
      what: `SIGNALBOX_MODEL_GATEWAY_UID: root cannot switch to user ${ownUid} (${codeOf(error)})`,
      fix: 'give it CAP_CHOWN, CAP_SETUID and CAP_SETGID, or start it as an ordinary user',
    });
  }
  try {
    accessSync(dir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch {
    throw new GatewayConfigError({
      what: `SIGNALBOX_MODEL_GATEWAY_DIR: user ${ownUid} cannot access ${dir}`,
      fix: 'choose a directory whose parents allow search (x) for other users',
    });
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'failed';
}
