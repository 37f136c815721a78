/** A private workspace for each run: created, filled, given to the box's user, optionally sealed, and removed. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

import { ownUid } from '../host/foreign-files.ts';
import { takeOwnerLock } from '../host/owner-lock.ts';
import { namesIn } from '../host/open-folder.ts';
import { emptyFolder, finishRemovals, isBeingRemoved, removeTree } from '../host/remove-tree.ts';
import { pruneSealed, type Sealed, type SealLimits, sealTree } from './seal.ts';
import type { BoxTier } from './tier.ts';

export interface WorkspaceInput {
  readonly tier: BoxTier;
  readonly rootDir: string;
  /** Unique per run and attempt: letters, digits, dots, underscores and dashes. */
  readonly runId: string;
  readonly workspaceBytesMax: number;
  readonly workspaceFilesMax: number;
  /** Writes the content into the empty directory, as the runner's user. */
  readonly fill: (dir: string) => Promise<void>;
}

export interface Workspace {
  readonly runId: string;
  readonly dir: string;
  /** For files of the run that no box sees. Only the runner can enter it, and it is removed with the workspace. */
  readonly runDir: string;
  /** Removes the workspace and its lock. */
  release(): Promise<void>;
  /** Archives the agent's files. The workspace must still be released. */
  seal(limits?: SealLimits): Promise<Sealed>;
}

export class WorkspaceInUse extends Error {
  override readonly name = 'WorkspaceInUse';
}

export async function allocateWorkspace(input: WorkspaceInput): Promise<Workspace> {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,150}$/.test(input.runId) || input.runId === SEALED) {
    throw new Error(`not a run id: ${JSON.stringify(input.runId)}`);
  }
  await mkdir(input.rootDir, { recursive: true, mode: 0o700 });
  const place = placeOf(input.rootDir, input.runId);
  const lock = takeOwnerLock(place.lock);
  if (lock === undefined) throw new WorkspaceInUse(`workspace ${input.runId} is in use`);
  try {
    await prepare(input, place);
  } catch (error) {
    // The lock is released even if erasing fails, so that the next attempt can try again.
    await erase(place).finally(() => lock.release());
    throw error;
  }
  return {
    runId: input.runId,
    dir: place.ws,
    runDir: place.run,
    release: async () => {
      await erase(place);
      lock.release();
    },
    seal: limits =>
      sealTree({
        ...{ dir: place.ws, sealedDir: path.join(input.rootDir, SEALED), runId: input.runId },
        ...(limits ? { limits } : {}),
      }),
  };
}

/** Removes workspaces of dead owners, and surplus archives. Returns the run ids of the removed workspaces. */
export async function sweepWorkspaces(rootDir: string): Promise<readonly string[]> {
  const names = namesIn(rootDir);
  const runIds = new Set(
    names
      .filter(name => name !== SEALED && !isBeingRemoved(name))
      .map(name => name.replace(/\.lock(\..*)?$/, '')),
  );
  const removed: string[] = [];
  for (const runId of runIds) {
    const place = placeOf(rootDir, runId);
    // A lock is taken before its directory is made and released after it is removed: a directory without one is left over.
    const lock = takeOwnerLock(place.lock);
    if (lock === undefined) continue;
    await erase(place).finally(() => lock.release());
    removed.push(runId);
  }
  await finishRemovals(rootDir);
  await pruneSealed(path.join(rootDir, SEALED));
  return removed;
}

const SEALED = 'sealed';
const run = promisify(execFile);

interface Place {
  readonly lock: string;
  readonly dir: string;
  readonly ws: string;
  readonly run: string;
}

function placeOf(rootDir: string, runId: string): Place {
  const dir = path.join(rootDir, runId);
  return { lock: `${dir}.lock`, dir, ws: path.join(dir, 'ws'), run: path.join(dir, 'run') };
}

async function prepare(input: WorkspaceInput, place: Place): Promise<void> {
  await erase(place);
  for (const made of [place.ws, place.run]) await mkdir(made, { recursive: true, mode: 0o700 });
  const { boxUid } = input.tier;
  if (boxUid !== undefined) {
    const bounds = `size=${input.workspaceBytesMax},nr_inodes=${input.workspaceFilesMax}`;
    await run('mount', ['-t', 'tmpfs', '-o', `${bounds},mode=0700,nosuid,nodev`, 'signalbox', place.ws]);
  }
  await input.fill(place.ws);
  if (boxUid !== undefined) await handOver(place.ws, boxUid);
}

/**
 * Gives the content to the box's user, except `.git`, which that user can only read. Names are left to `chown`: a
 * repository may have some that are not UTF-8, which no argument of ours can carry.
 */
async function handOver(ws: string, boxUid: number): Promise<void> {
  await changeOwner(ws, boxUid);
  const git = path.join(ws, '.git');
  if (!existsSync(git)) return;
  await changeOwner(git, ownUid());
  await run('chmod', ['--recursive', 'go=u,go-w', '--', git]);
}

async function changeOwner(folder: string, uid: number): Promise<void> {
  await run('chown', ['--recursive', '--no-dereference', `${uid}:${uid}`, '--', folder]);
}

/** An agent may leave paths that are too long, or unreadable directories. */
async function erase(place: Place): Promise<void> {
  while (await isMounted(place.ws)) {
    // Empty it first: otherwise the mount namespace of another running box would keep its memory.
    await emptyFolder(place.ws);
    await run('umount', ['--', place.ws]);
  }
  await removeTree(place.dir);
}

async function isMounted(ws: string): Promise<boolean> {
  const [inner, outer] = await Promise.all(
    [ws, path.dirname(ws)].map(dir => stat(dir).catch(() => undefined)),
  );
  return inner !== undefined && outer !== undefined && inner.dev !== outer.dev;
}
