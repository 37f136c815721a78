/**
 * Where the gateway is started as root it becomes a user of its own before it listens: the box's user cannot touch its
 * files, and its memory, which holds the key, can be read by nobody but root.
 */
import { accessSync, chownSync, constants, lstatSync, mkdirSync } from 'node:fs';
import { GatewayConfigError } from './config.ts';

/** Makes the directory if it is not there. One that somebody else made, or may change, is refused: its path can be guessed. */
export function claimDirectory(dir: string, ownUid: number): void {
  mkdirSync(dir, { recursive: true, mode: 0o711 });
  const found = lstatSync(dir);
  const ours = [process.getuid?.(), ownUid].includes(found.uid);
  if (!found.isDirectory() || !ours || (found.mode & 0o022) !== 0)
    throw new GatewayConfigError(
      `SIGNALBOX_MODEL_GATEWAY_DIR: ${dir} is not a directory that only its owner, this process, may change`,
    );
}

/** Does nothing for an ordinary user. What needs root, such as reading a key file, must have been done before. */
export function becomeOwnUser(dir: string, ownUid: number): void {
  if (process.getuid?.() !== 0) return;
  try {
    chownSync(dir, ownUid, ownUid);
    process.setgroups?.([]);
    process.setgid?.(ownUid);
    process.setuid?.(ownUid);
  } catch (error) {
    throw new GatewayConfigError(
      `SIGNALBOX_MODEL_GATEWAY_UID: root cannot become user ${ownUid} here (${codeOf(error)}): give it CAP_CHOWN, CAP_SETUID and CAP_SETGID, or start it as an ordinary user`,
    );
  }
  try {
    accessSync(dir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch {
    throw new GatewayConfigError(
      `SIGNALBOX_MODEL_GATEWAY_DIR: user ${ownUid} cannot reach ${dir}; name one whose parent directories others may pass`,
    );
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'failed';
}
