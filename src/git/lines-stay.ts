/** Whether the lines that a change gave a file are still there, after others edited the file. */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeTree } from '../host/remove-tree.ts';
import { absentSha, type ObjectSource, readBlobs, within } from './objects.ts';
import { gitOutput, runGit } from './run-git.ts';

/** Blob ids of one file. */
export interface Sides {
  /** `absentSha` when the change added the file. */
  readonly before: string;
  readonly changed: string;
  readonly now: string;
}

export async function linesStay(
  source: ObjectSource,
  sides: Sides,
  bytesMax: number,
): Promise<'present' | 'gone' | 'unclear'> {
  return sides.before === absentSha
    ? await onlyAddedTo(source, sides)
    : await appliedAlready(source, sides, bytesMax);
}

/** A new file has no lines around it: it is still there when no line of it is missing. */
async function onlyAddedTo(source: ObjectSource, { changed, now }: Sides): Promise<'present' | 'unclear'> {
  const args = ['diff', '--numstat', '--no-ext-diff', '--no-textconv', '--no-renames', changed, now];
  const counts = (await gitOutput({ ...within(source), args })).toString('utf8');
  return /^\d+\t0\t/.test(counts) ? 'present' : 'unclear';
}

/** Applies the change to the file as it is now, by git's three-way merge: without effect, it is there. */
async function appliedAlready(
  source: ObjectSource,
  { before, changed, now }: Sides,
  bytesMax: number,
): Promise<'present' | 'gone' | 'unclear'> {
  const blobs = await readBlobs(source, [...new Set([before, changed, now])], bytesMax);
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-lines-'));
  try {
    const paths = await Promise.all(
      [now, before, changed].map(async (sha, side) => {
        const path = join(folder, String(side));
        await writeFile(path, blobs.get(sha) ?? '');
        return path;
      }),
    );
    const merged = await runGit({ ...within(source), args: ['merge-file', '-p', '-q', ...paths] });
    // The number of conflicts, or 255 for files that are no text.
    if (merged.exitCode !== 0) return 'unclear';
    return merged.stdout.equals(blobs.get(now) ?? Buffer.alloc(0)) ? 'present' : 'gone';
  } finally {
    await removeTree(folder);
  }
}
