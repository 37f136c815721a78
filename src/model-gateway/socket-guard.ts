/** Restricts the socket of a run to the user of its box. The run's token is the second protection. */
import { chmod, chown } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { type OpenFolder, openFolder, openWithin } from '../host/open-folder.ts';

/**
 * The runner calls this: it knows the box's user and may be root, unlike the gateway. It restricts the directory, so that
 * a socket that a restarted gateway creates is covered too. Without `boxUid`, the box runs as the runner's user.
 */
export async function keepSocketForBox(socketPath: string, boxUid: number | undefined): Promise<void> {
  const dir = dirname(socketPath);
  const runs = openFolder(dirname(dir));
  try {
    // The gateway owns both; it must not lead root to a directory that is not its own.
    const folder = openWithin(runs, basename(dir));
    try {
      if (folder.stats.uid !== runs.stats.uid) throw new Error(`${dir} does not belong to the model gateway`);
      await restrict(folder, boxUid);
    } finally {
      folder.close();
    }
  } finally {
    runs.close();
  }
}

async function restrict({ at, stats }: OpenFolder, boxUid: number | undefined): Promise<void> {
  const self = process.getuid?.();
  if (self === 0 && boxUid !== undefined) {
    await chown(at, stats.uid, boxUid);
    await chmod(at, 0o710);
  } else if (self === stats.uid) {
    await chmod(at, 0o700);
  }
}
