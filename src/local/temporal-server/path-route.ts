/** A `temporal` that is already on this machine, found along PATH. */
import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import { askCliVersion } from './cli-version.ts';
import type { Route } from './route.ts';

const names = process.platform === 'win32' ? ['temporal.exe'] : ['temporal'];

export const pathRoute: Route = {
  name: 'PATH',
  async find({ environment, signal }) {
    const binary = findOnPath(names, environment['PATH'] ?? '');
    if (binary === undefined) return { kind: 'none', cause: 'no program called temporal' };
    const answer = await askCliVersion(binary, environment, signal);
    return answer.kind === 'usable'
      ? { kind: 'binary', path: binary, version: answer.version }
      : { kind: 'none', cause: answer.cause };
  },
};

export function findOnPath(programs: readonly string[], searchPath: string): string | undefined {
  const folders = searchPath.split(path.delimiter).filter(folder => path.isAbsolute(folder));
  return folders.flatMap(folder => programs.map(name => path.join(folder, name))).find(isExecutableFile);
}

function isExecutableFile(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
