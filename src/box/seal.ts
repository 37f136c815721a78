/**
 * Keeps the workspace of a failed run for inspection, as one archive. A directory could contain configuration that runs
 * commands as soon as a tool enters it; an archive cannot. The number of archives is limited: the oldest are removed.
 */
import { execFile } from 'node:child_process';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

import { namesIn } from '../host/open-folder.ts';

export interface SealLimits {
  readonly archivesMax: number;
  /** Of all archives together; a single one can have a quarter of it. */
  readonly bytesMax: number;
  readonly ageMsMax: number;
}

export const defaultSealLimits: SealLimits = {
  archivesMax: 20,
  bytesMax: 4 * 1024 ** 3,
  ageMsMax: 14 * 24 * 3600 * 1000,
};

export type Sealed = { readonly file: string } | { readonly problem: string };

export interface SealInput {
  readonly dir: string;
  readonly sealedDir: string;
  readonly runId: string;
  readonly limits?: SealLimits;
}

/** Leaves out `.git`, which the agent could not write. A tree that is too big is not kept. */
export async function sealTree(input: SealInput): Promise<Sealed> {
  const limits = input.limits ?? defaultSealLimits;
  const file = path.join(input.sealedDir, `${input.runId}${ARCHIVE}`);
  const draft = `${file}.draft`;
  await mkdir(input.sealedDir, { recursive: true, mode: 0o700 });
  const bytesMax = Math.floor(limits.bytesMax / 4);
  const options = ['--create', '--sparse', '--one-file-system', '--exclude=./.git', '--file', draft];
  try {
    await run('chmod', ['--recursive', 'u+rwX', '--', input.dir]).catch(() => undefined);
    const archive = ['tar', ...options, '--directory', input.dir, '.'];
    await run('prlimit', [`--fsize=${bytesMax}`, '--', ...archive], { timeout: TIMEOUT_MS });
    await rename(draft, file);
  } catch (error) {
    const reason = (error as { stderr?: string }).stderr?.trim().split('\n').at(-1) ?? '';
    return { problem: reason === '' ? `more than ${bytesMax} bytes, or too slow` : reason };
  } finally {
    await rm(draft, { force: true });
  }
  await pruneSealed(input.sealedDir, limits);
  return { file };
}

/** Removes archives that are too old or too many, and incomplete ones of a killed runner. Returns their names. */
export async function pruneSealed(
  sealedDir: string,
  limits: SealLimits = defaultSealLimits,
): Promise<readonly string[]> {
  const names = namesIn(sealedDir);
  const archives = await Promise.all(names.map(name => archiveOf(sealedDir, name)));
  archives.sort((one, other) => other.at - one.at);
  let bytes = 0;
  const surplus = archives.filter(({ at, size }, index) => {
    bytes += size;
    return index >= limits.archivesMax || bytes > limits.bytesMax || Date.now() - at > limits.ageMsMax;
  });
  for (const { name } of surplus) await rm(path.join(sealedDir, name), { force: true });
  return surplus.map(({ name }) => name);
}

const run = promisify(execFile);
const ARCHIVE = '.tar';
const TIMEOUT_MS = 120_000;

async function archiveOf(sealedDir: string, name: string) {
  const { size, mtimeMs } = await stat(path.join(sealedDir, name));
  return { name, size, at: mtimeMs };
}
