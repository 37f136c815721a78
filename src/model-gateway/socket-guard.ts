/** Who may reach the socket of a run: the user of its box alone. The token guards it besides. */
import { chmod, chown, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Done by the runner, who knows the box and may be root, which the gateway is not. It is the directory that is kept, so
 * that it holds also for the socket that a restarted gateway makes anew. Absent `boxUid`: the box runs as the runner.
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
