/** The folder of a run by hand: newly created outside of the repository, with a work directory that is removed at the end. */
import { chmodSync } from 'node:fs';
import { mkdir, readdir, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { CliError, EXIT } from '../../client/cli/exit.ts';
import type { HandAsk } from '../../client/cli/run/by-hand.ts';
import { slugOf } from '../../domain/branch.ts';
import type { SourceRepository } from '../../git/source-repository.ts';
import { ForeignFiles, ownUid } from '../../host/foreign-files.ts';
import { openFolder } from '../../host/open-folder.ts';
import { identityOf } from '../../host/own-folder.ts';
import { removeIfOurs, removeTree } from '../../host/remove-tree.ts';
import { makeSocketFolder, type SocketFolder } from '../../local/socket-folder.ts';
import { ownWorkDir, removeLeftOver, sweepLeftOvers, workDirIn } from './left-over.ts';

export interface Place {
  readonly folder: string;
  /** Contains mirrors, workspaces, artifacts and logs, like the data directory of a runner. */
  readonly workDir: string;
  /** Of its model gateway. */
  readonly sockets: SocketFolder;
  /** Removes the work directory and the sockets. */
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
  const isNew = (await mkdir(folder, { recursive: true, mode: 0o700 })) !== undefined;
  makePrivate(folder);
  if ((await readdir(folder)).length > 0)
    throw new CliError(EXIT.usage, { what: `${folder} is not empty`, fix: 'choose another --out' });
  const workDir = workDirIn(folder);
  await mkdir(workDir, { mode: 0o700 });
  ownWorkDir(workDir);
  const [made, madeWork] = [identityOf(folder), identityOf(workDir)];
  const sockets = makeSocketFolder(workDir);
  return {
    ...{ folder, workDir, sockets },
    leave: async () => {
      await sockets.remove();
      await removeTree(workDir, madeWork);
    },
    discard: async () => {
      if (isNew) await removeTree(folder, made);
      else for (const name of await readdir(folder)) await removeIfOurs(join(folder, name));
    },
  };
}

/** Transcripts and source code are nobody else's business. Whoever owns the folder could replace what is in it. */
function makePrivate(folder: string): void {
  const open = openFolder(folder);
  try {
    const { uid } = open.stats;
    if (uid !== ownUid()) throw new ForeignFiles(`${folder} belongs to user ${uid}`, 'choose another --out');
    chmodSync(open.at, 0o700);
  } finally {
    open.close();
  }
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
