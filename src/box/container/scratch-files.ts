/** A private directory with a container's files, environment and system-call filter. */
import { chmod, chown, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { makeOwnFolder } from '../../host/own-folder.ts';
import { boxFiles, type BoxIdentity } from '../contents.ts';
import type { Architecture } from '../seccomp/call.ts';
import { engineProfile } from '../seccomp/engine-profile.ts';
import type { BoxMount, BoxSpec } from '../spec.ts';
import { ENVIRONMENT_FILE, exports } from './started-by-shell.ts';

export interface ScratchFiles {
  readonly dir: string;
  readonly startDir: string;
  readonly seccompFile: string;
  readonly emptyDir: string;
  readonly files: readonly BoxMount[];
  /** Removes the environment file. Call it as soon as the command has started. */
  forgetEnvironment(): Promise<void>;
  remove(): Promise<void>;
}

export interface ScratchInput {
  readonly spec: BoxSpec;
  readonly identity: BoxIdentity;
  readonly architecture: Architecture;
  /** Path prefix of the directory; `mkdtemp` adds a unique suffix. */
  readonly prefix: string;
  /** The box's user, who gets the environment file if the runner is root. */
  readonly owner?: number;
}

export async function makeScratchFiles(input: ScratchInput): Promise<ScratchFiles> {
  // No other user can enter it; an engine can mount its content anyway.
  const { dir, remove } = makeOwnFolder(input.prefix);
  try {
    const [startDir, emptyDir, filesDir] = ['start', 'empty', 'files'].map(name => path.join(dir, name)) as [
      string,
      string,
      string,
    ];
    for (const one of [startDir, emptyDir, filesDir]) await mkdir(one);
    await chmod(emptyDir, 0o555);
    const environment = path.join(startDir, ENVIRONMENT_FILE);
    await writeFile(environment, exports(input.spec.env), { mode: 0o400 });
    if (input.owner !== undefined) await chown(environment, input.owner, input.owner);
    const seccompFile = path.join(dir, 'system-calls.json');
    await writeFile(seccompFile, JSON.stringify(engineProfile(input.architecture)));
    const files = await writeFiles(filesDir, input);
    const forgetEnvironment = (): Promise<void> => rm(environment, { force: true });
    return { dir, startDir, seccompFile, emptyDir, files, forgetEnvironment, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function writeFiles(dir: string, { spec, identity }: ScratchInput): Promise<readonly BoxMount[]> {
  const mounts: BoxMount[] = [];
  for (const [index, file] of boxFiles(spec, identity).entries()) {
    const from = path.join(dir, String(index));
    await writeFile(from, file.content);
    // Independent of the umask.
    await chmod(from, Number.parseInt(file.mode, 8));
    mounts.push({ from, to: file.path });
  }
  return mounts;
}
