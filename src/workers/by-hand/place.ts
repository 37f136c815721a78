/** The folder of a run by hand: newly created outside of the repository, with a work directory that is removed at the end. */
import { mkdir, readdir, realpath, rm } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { CliError, EXIT } from '../../client/cli/exit.ts';
import type { HandAsk } from '../../client/cli/run/by-hand.ts';
import { slugOf } from '../../domain/branch.ts';
import type { SourceRepository } from '../../git/source-repository.ts';
import { ownWorkDir, removeLeftOver, sweepLeftOvers, workDirIn } from './left-over.ts';

export interface Place {
  readonly folder: string;
  /** Contains mirrors, workspaces, artifacts and logs, like the data directory of a runner. */
  readonly workDir: string;
  /** Removes the work directory. */
  leave(): Promise<void>;
  /** Removes all files in the folder, and the folder itself if this run created it. */
  discard(): Promise<void>;
}

/** Also removes the work directories of killed runs: from the requested folder, or from the siblings of a new one. */
export async function openPlace(
  ask: HandAsk,
  source: SourceRepository,
  say: (line: string) => void,
): Promise<Place> {
  const { folder, siblings } = await folderFor(ask, source);
  if (isWithin(await realpathOfNearest(folder), await realpath(source.root)))
    throw new CliError(EXIT.usage, {
      what: `${folder} is in the repository, which a run by hand must not change`,
      fix: 'choose another --out',
    });
  const swept =
    siblings === undefined
      ? (await removeLeftOver(ask, folder))
        ? [folder]
        : []
      : await sweepLeftOvers(ask, siblings);
  for (const one of swept) say(`removed the leftovers of a killed run in ${one}`);
  const isNew = (await mkdir(folder, { recursive: true })) !== undefined;
  if ((await readdir(folder)).length > 0)
    throw new CliError(EXIT.usage, { what: `${folder} is not empty`, fix: 'choose another --out' });
  const workDir = workDirIn(folder);
  await mkdir(workDir, { mode: 0o700 });
  ownWorkDir(workDir);
  return {
    folder,
    workDir,
    leave: () => rm(workDir, { recursive: true, force: true }),
    discard: async () => {
      for (const name of await readdir(folder))
        await rm(join(folder, name), { recursive: true, force: true });
      if (isNew) await rm(folder, { recursive: true, force: true });
    },
  };
}

interface Folder {
  readonly folder: string;
  /** Where the folders of other runs of this repository are; absent when the person names the folder. */
  readonly siblings?: { readonly parent: string; readonly prefix: string };
}

/** In the current directory, or next to the repository if the current directory is inside it. */
async function folderFor(ask: HandAsk, source: SourceRepository): Promise<Folder> {
  const { workingDirectory, outDir, issue } = ask;
  if (outDir !== undefined) return { folder: resolve(workingDirectory, outDir) };
  const root = await realpath(source.root);
  const here = await realpath(workingDirectory);
  const parent = isWithin(here, root) ? dirname(root) : here;
  const when = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const prefix = `signalbox-${basename(root)}-`;
  return {
    folder: join(parent, `${prefix}${slugOf(issue.title)}-${when}`),
    siblings: { parent, prefix },
  };
}

function isWithin(path: string, parent: string): boolean {
  const fromParent = relative(parent, path);
  return (
    fromParent === '' || !(fromParent === '..' || fromParent.startsWith('../') || isAbsolute(fromParent))
  );
}

async function realpathOfNearest(path: string): Promise<string> {
  const real = await realpath(path).catch(() => undefined);
  return real ?? join(await realpathOfNearest(dirname(path)), basename(path));
}
