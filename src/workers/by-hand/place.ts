/** The folder of a run by hand: made anew, outside of the repository, with a workshop in it that is gone at the end. */
import { mkdir, readdir, realpath, rm } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { CliError, EXIT } from '../../client/cli/exit.ts';
import type { HandAsk } from '../../client/cli/run/by-hand.ts';
import { slugOf } from '../../domain/branch.ts';
import type { SourceRepository } from '../../git/source-repository.ts';

export interface Place {
  readonly folder: string;
  /** For mirrors, workspaces, artifacts and logs, as the data directory of a runner. */
  readonly workshop: string;
  /** Takes away the workshop. */
  leave(): Promise<void>;
  /** Takes away everything, also what was in the folder's way to be of use. */
  discard(): Promise<void>;
}

/** Its own data directory, and sockets of its own: another model gateway of this host is none of its business. */
export function workshopSettings({ values }: HandAsk, { workshop }: Place): HandAsk['values'] {
  return { ...values, SIGNALBOX_MODEL_GATEWAY_DIR: undefined, SIGNALBOX_DATA_DIR: workshop };
}

export async function openPlace(ask: HandAsk, source: SourceRepository): Promise<Place> {
  const folder = await folderFor(ask, source);
  if (isWithin(await realpathOfNearest(folder), await realpath(source.root)))
    throw new CliError(
      EXIT.usage,
      `${folder} lies in the repository, which is not touched: choose another --out`,
    );
  const isNew = (await mkdir(folder, { recursive: true })) !== undefined;
  if ((await readdir(folder)).length > 0)
    throw new CliError(EXIT.usage, `${folder} is not empty: choose another --out`);
  const workshop = join(folder, '.work');
  await mkdir(workshop, { mode: 0o700 });
  return {
    folder,
    workshop,
    leave: () => rm(workshop, { recursive: true, force: true }),
    discard: async () => {
      for (const name of await readdir(folder))
        await rm(join(folder, name), { recursive: true, force: true });
      if (isNew) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** In the folder where the person is, or beside the repository when that is where the person is. */
async function folderFor(ask: HandAsk, source: SourceRepository): Promise<string> {
  const { workingDirectory, outDir, issue } = ask;
  if (outDir !== undefined) return resolve(workingDirectory, outDir);
  const root = await realpath(source.root);
  const here = await realpath(workingDirectory);
  const parent = isWithin(here, root) ? dirname(root) : here;
  const when = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  return join(parent, `signalbox-${basename(root)}-${slugOf(issue.title)}-${when}`);
}

function isWithin(path: string, parent: string): boolean {
  const way = relative(parent, path);
  return way === '' || !(way === '..' || way.startsWith('../') || isAbsolute(way));
}

async function realpathOfNearest(path: string): Promise<string> {
  const real = await realpath(path).catch(() => undefined);
  return real ?? join(await realpathOfNearest(dirname(path)), basename(path));
}
