/** Checks that git is new enough to have every setting this folder relies on. */
import { execa } from 'execa';
import type { FixableTrouble } from '../domain/trouble.ts';
import type { GitHost } from './git-environment.ts';
import { gitEnvironment } from './git-environment.ts';

/** 2.38 added safe.bareRepository and merge-tree --write-tree; 2.39 is the oldest version tested. */
const oldest = { major: 2, minor: 39 };

/** Why the host's git cannot be used, or undefined. */
export async function gitVersionProblem(host?: GitHost): Promise<FixableTrouble | undefined> {
  const result = await execa('git', ['--version'], {
    env: gitEnvironment({ host }),
    extendEnv: false,
    reject: false,
    timeout: 10_000,
  });
  const what = result.failed ? 'git did not start' : versionProblem(result.stdout);
  return what === undefined ? undefined : { what, fix: FIX };
}

const FIX = `install git ${oldest.major}.${oldest.minor} or newer`;

function versionProblem(text: string): string | undefined {
  const found = /^git version (\d+)\.(\d+)/.exec(text);
  if (found === null) return 'git does not report its version';
  const [major, minor] = [Number(found[1]), Number(found[2])];
  const enough = major > oldest.major || (major === oldest.major && minor >= oldest.minor);
  return enough ? undefined : `git ${major}.${minor} is too old`;
}
