/** The private directory that a box's profile, files and environment come from, and the shell lines that lay it out. */
import { chmod, lstat, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { HOME, WORKSPACE } from '../bubblewrap/arguments.ts';
import { hasGitDir } from '../git-dir.ts';
import type { BoxMount, BoxSpec } from '../spec.ts';
import { ENVIRONMENT_FILE, exports, shellWord } from '../started-by-shell.ts';
import { profileText } from './profile.ts';

export interface SandboxFurniture {
  readonly dir: string;
  /** Codex's own, which the box does not see. */
  readonly codexHome: string;
  /** What the shell in the box reads: its layout, then the environment. */
  readonly startDir: string;
  readonly workspaceDir: string;
  /** As soon as the command has its environment, no file has it. */
  forgetEnvironment(): Promise<void>;
  remove(): Promise<void>;
}

export interface SandboxFurnitureInput {
  readonly spec: BoxSpec;
  /** Shown in the box as they are elsewhere mounted. */
  readonly mounts: readonly BoxMount[];
  /** Codex itself and what it starts the box with. */
  readonly vendorDir: string;
  readonly dirPrefix: string;
}

export async function furnishSandbox(input: SandboxFurnitureInput): Promise<SandboxFurniture> {
  const { spec } = input;
  const dir = await realpath(await mkdtemp(input.dirPrefix));
  const remove = (): Promise<void> => rm(dir, { recursive: true, force: true });
  const below = (name: string): string => path.join(dir, name);
  try {
    for (const name of ['codex', 'codex/tmp', 'start', 'files', 'ws']) await mkdir(below(name));
    const workspaceDir = spec.workspaceDir === undefined ? below('ws') : await realpath(spec.workspaceDir);
    const mounts = await Promise.all(
      input.mounts.map(async ({ from, to }) => ({ from: await realpath(from), to })),
    );
    const files = await writeFiles(below('files'), spec);
    const profile = profileText(spec, {
      workspaceDir,
      hasGitDir: await hasGitDir(workspaceDir),
      masked: await masksOf(workspaceDir, spec.maskedWorkspaceDirs ?? []),
      readable: [input.vendorDir, below('start'), below('files'), ...mounts.map(mount => mount.from)],
    });
    await writeFile(below('codex/config.toml'), profile);
    const links = [...mounts, ...files, { from: workspaceDir, to: WORKSPACE }];
    await writeFile(below(`start/${LAYOUT_FILE}`), layoutText(links));
    const environment = below(`start/${ENVIRONMENT_FILE}`);
    await writeFile(environment, exports(spec.env), { mode: 0o400 });
    return {
      ...{ dir, codexHome: below('codex'), startDir: below('start'), workspaceDir, remove },
      forgetEnvironment: () => rm(environment, { force: true }),
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

export const LAYOUT_FILE = 'layout';

/**
 * The box's root is a file system in memory of its own: there every path of a box leads to where it lies on the host. A
 * sandbox of Codex has no mounts to give.
 */
export function layoutText(links: readonly BoxMount[]): string {
  const dirs = [...new Set([HOME, ...links.map(({ to }) => path.posix.dirname(to))])].filter(
    dir => dir !== '/',
  );
  return [
    `mkdir -p -- ${dirs.map(shellWord).join(' ')}`,
    ...links.map(({ from, to }) => `ln -s -- ${shellWord(from)} ${shellWord(to)}`),
    '',
  ].join('\n');
}

/** What is not there hides nothing: Codex would make a file of it, which git then finds in the workspace. */
async function masksOf(workspaceDir: string, masked: readonly string[]): Promise<readonly string[]> {
  const present = await Promise.all(
    masked.map(dir =>
      lstat(path.join(workspaceDir, dir)).then(
        () => [path.normalize(dir)],
        () => [],
      ),
    ),
  );
  return present.flat();
}

async function writeFiles(dir: string, { files = {}, programs = {} }: BoxSpec): Promise<readonly BoxMount[]> {
  const all = [
    ...Object.entries(files).map(([to, content]) => ({ to, content, mode: 0o644 })),
    ...Object.entries(programs).map(([to, content]) => ({ to, content, mode: 0o755 })),
  ];
  return await Promise.all(
    all.map(async ({ to, content, mode }, index) => {
      const from = path.join(dir, String(index));
      await writeFile(from, content);
      // Whatever the mask of this process.
      await chmod(from, mode);
      return { from, to };
    }),
  );
}
