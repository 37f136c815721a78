/** Restricts the socket of a run to the user of its box. The run's token is the second protection. */
import { chmod, chown, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * The runner calls this: it knows the box's user and may be root, unlike the gateway. It restricts the directory, so that
 * a socket that a restarted gateway creates is covered too. Without `boxUid`, the box runs as the runner's user.
 */
export async function keepSocketForBox(socketPath: string, boxUid: number | undefined): Promise<void> {
  const dir = dirname(socketPath);
  const { uid: owner } = await stat(dir);
  const self = process.getuid?.();
  if (self === 0 && boxUid !== undefined) {
    await chown(dir, owner, boxUid);
    await chmod(dir, 0o710);
  } else if (self === owner) {
    await chmod(dir, 0o700);
  }
}
