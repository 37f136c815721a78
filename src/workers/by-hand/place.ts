/** The folder of a run by hand: made anew, outside of the repository, with a work directory in it that is gone at the end. */
import { mkdir, readdir, realpath, rm } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { CliError, EXIT } from '../../client/cli/exit.ts';
import type { HandAsk } from '../../client/cli/run/by-hand.ts';
import { slugOf } from '../../domain/branch.ts';
import type { SourceRepository } from '../../git/source-repository.ts';
import { ownWorkDir, removeLeftOver, sweepLeftOvers, workDirIn } from './left-over.ts';

export interface Place {
  readonly folder: string;
  /** For mirrors, workspaces, artifacts and logs, as the data directory of a runner. */
  readonly workDir: string;
  /** Takes away the work directory. */
  leave(): Promise<void>;
  /** Takes away everything, also what was in the folder's way to be of use. */
  discard(): Promise<void>;
}

/** A run that was killed leaves its work directory: it is removed from the folder that is asked for, and from those beside a new one. */
export async function openPlace(
  ask: HandAsk,
  source: SourceRepository,
  say: (line: string) => void,
): Promise<Place> {
  const { folder, beside } = await folderFor(ask, source);
  if (isWithin(await realpathOfNearest(folder), await realpath(source.root)))
    throw new CliError(EXIT.usage, {
      what: `${folder} lies in the repository, which is not touched`,
      fix: 'choose another --out',
    });
  const swept =
    beside === undefined
      ? (await removeLeftOver(ask, folder))
        ? [folder]
        : []
      : await sweepLeftOvers(ask, beside);
  for (const one of swept) say(`removed what a run that was killed had left in ${one}`);
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
  /** Where others of this repository lie, if nobody said where this one should. */
  readonly beside?: { readonly parent: string; readonly prefix: string };
}

/** In the folder where the person is, or beside the repository when that is where the person is. */
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
    beside: { parent, prefix },
  };
}

function isWithin(path: string, parent: string): boolean {
  const way = relative(parent, path);
  return way === '' || !(way === '..' || way.startsWith('../') || isAbsolute(way));
}

async function realpathOfNearest(path: string): Promise<string> {
  const real = await realpath(path).catch(() => undefined);
  return real ?? join(await realpathOfNearest(dirname(path)), basename(path));
}
