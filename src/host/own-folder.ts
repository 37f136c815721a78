/** New private folders of this process, for scratch files and sockets. They are removed by their identity, not by their name. */
import { lstatSync, mkdtempSync } from 'node:fs';
import { type FileIdentity, removeTree } from './remove-tree.ts';

export interface OwnFolder {
  readonly dir: string;
  readonly remove: () => Promise<void>;
}

/** Only this user can enter the folder. Its name is the prefix and a random suffix. */
export function makeOwnFolder(prefix: string): OwnFolder {
  const dir = mkdtempSync(prefix);
  const made = identityOf(dir);
  return { dir, remove: () => removeTree(dir, made) };
}

/** Always removes the folder. */
export async function inOwnFolder<T>(prefix: string, use: (dir: string) => Promise<T>): Promise<T> {
  const folder = makeOwnFolder(prefix);
  try {
    return await use(folder.dir);
  } finally {
    await folder.remove();
  }
}

/** For a folder that this process has just made. */
export function identityOf(dir: string): FileIdentity {
  const { dev, ino } = lstatSync(dir);
  return { dev, ino };
}
