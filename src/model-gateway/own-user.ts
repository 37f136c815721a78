/**
 * A gateway started as root switches to its own user before it listens. The box's user then cannot access its files, and
 * only root can read its memory, which contains the key.
 */
import { accessSync, chownSync, constants, lstatSync, mkdirSync } from 'node:fs';
import { GatewayConfigError } from './config.ts';

/** Creates the directory if it is missing. Refuses one that another user owns or can write: its path is predictable. */
export function claimDirectory(dir: string, ownUid: number): void {
  mkdirSync(dir, { recursive: true, mode: 0o711 });
  const found = lstatSync(dir);
  const ours = [process.getuid?.(), ownUid].includes(found.uid);
  if (!found.isDirectory() || !ours || (found.mode & 0o022) !== 0)
    throw new GatewayConfigError(
      `SIGNALBOX_MODEL_GATEWAY_DIR: ${dir} must be a directory that this user owns and no one else can write`,
    );
}

/** Does nothing for an ordinary user. Do what needs root, such as reading the key file, before this call. */
export function becomeOwnUser(dir: string, ownUid: number): void {
  if (process.getuid?.() !== 0) return;
  try {
    chownSync(dir, ownUid, ownUid);
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
