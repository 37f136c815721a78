/** Uses a `temporal` program that is on PATH. */
import { findOnPath } from '../../host/executable.ts';
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
