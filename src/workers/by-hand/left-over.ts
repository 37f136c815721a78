/** Finds the leftovers of killed runs by hand by the locks of their dead owners, and removes them. */
import { lstat, readdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sweepLayers } from '../../box/layers/store.ts';
import { ownerLockState, takeOwnerLock } from '../../host/owner-lock.ts';
import { removeTree } from '../../host/remove-tree.ts';
import { type SocketFolder, sweepSocketFolders } from '../../local/socket-folder.ts';
import { sweepWorkspaces } from '../../box/workspace.ts';
import type { HandAsk } from '../../client/cli/run/by-hand.ts';
import { processSettings } from '../../config/environment.ts';
import { layoutOf } from '../../config/layout.ts';

const WORK_DIR = '.work';
const OWNER = 'owner.lock';

export function workDirIn(folder: string): string {
  return join(folder, WORK_DIR);
}

/** Its own data directory and sockets, so that it does not touch another model gateway of this host. */
export function workDirSettings(
  { values }: HandAsk,
  { workDir, sockets }: { readonly workDir: string; readonly sockets?: SocketFolder },
): HandAsk['values'] {
  return {
    ...values,
    SIGNALBOX_MODEL_GATEWAY_DIR: undefined,
    SIGNALBOX_DATA_DIR: workDir,
    ...sockets?.values,
  };
}

export function ownWorkDir(workDir: string): void {
  takeOwnerLock(join(workDir, OWNER));
}

/** Sweeps the folders in `parent` whose names start with `prefix`, removes those that are then empty, and returns all swept ones. */
export async function sweepLeftOvers(
  ask: HandAsk,
  { parent, prefix }: { readonly parent: string; readonly prefix: string },
): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const name of await readdir(parent).catch(() => [])) {
    const folder = join(parent, name);
    if (!name.startsWith(prefix) || !(await removeLeftOver(ask, folder))) continue;
    await rmdir(folder).catch(() => undefined);
    removed.push(folder);
  }
  return removed;
}

/** False when there is nothing to remove: no work directory, one of a living run, or one that is not ours. */
export async function removeLeftOver(ask: HandAsk, folder: string): Promise<boolean> {
  const workDir = workDirIn(folder);
  if (!(await isOurs(workDir))) return false;
  const lock = join(workDir, OWNER);
  if (ownerLockState(lock) !== 'left-behind') return false;
  const layout = layoutOf(processSettings(workDirSettings(ask, { workDir })));
  await sweepWorkspaces(layout.workspaces);
  await sweepLayers(layout.layers);
  await sweepSocketFolders();
  await removeTree(workDir);
  return true;
}

/** Only this user can have written into it, so it is safe to walk and empty. */
async function isOurs(workDir: string): Promise<boolean> {
  const stats = await lstat(workDir).catch(() => undefined);
  return (
    stats !== undefined &&
    stats.isDirectory() &&
    stats.uid === process.getuid?.() &&
    (stats.mode & 0o077) === 0
  );
}
