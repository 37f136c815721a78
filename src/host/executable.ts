/** Finds programs on this host. */
import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';

export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Returns the first of these programs in the first folder that has one; skips relative folders. */
export function findOnPath(programs: readonly string[], searchPath: string): string | undefined {
  const folders = searchPath.split(path.delimiter).filter(folder => path.isAbsolute(folder));
  return folders.flatMap(folder => programs.map(name => path.join(folder, name))).find(isExecutable);
}
