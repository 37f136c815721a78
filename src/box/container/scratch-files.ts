/** The private directory that a container's files, environment and system-call filter come from. */
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

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
  /** As soon as the command has its environment, no file has it. */
  forgetEnvironment(): Promise<void>;
  remove(): Promise<void>;
}

export interface ScratchInput {
  readonly spec: BoxSpec;
  readonly who: BoxIdentity;
  readonly architecture: Architecture;
  /** Of the directory, up to a few letters that make it unique. */
  readonly prefix: string;
  /** Root gives the box's user what only that user may read. */
  readonly owner?: number;
}

export async function makeScratchFiles(input: ScratchInput): Promise<ScratchFiles> {
  // Nobody else may pass through it; an engine shows what is below all the same.
  const dir = await mkdtemp(input.prefix);
  const remove = (): Promise<void> => rm(dir, { recursive: true, force: true });
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

async function writeFiles(dir: string, { spec, who }: ScratchInput): Promise<readonly BoxMount[]> {
  const mounts: BoxMount[] = [];
  for (const [index, file] of boxFiles(spec, who).entries()) {
    const from = path.join(dir, String(index));
    await writeFile(from, file.content);
    // Whatever the mask of this process.
    await chmod(from, Number.parseInt(file.mode, 8));
    mounts.push({ from, to: file.path });
  }
  return mounts;
}
