/**
 * What a reviewer saw, as one id: git's own patch id of a diff. Line numbers and the ids of blobs of text do not count,
 * every character of the changed and the surrounding lines does. Equal ids mean: the same lines leave and come.
 */
import { GitError } from './git-error.ts';
import { requireCommitId } from './mirror.ts';
import { type ObjectSource, within } from './objects.ts';
import { gitOutput } from './run-git.ts';

/** A larger patch has no id: then nothing is known to be equal. */
const PATCH_BYTES_MAX = 64 * 1024 * 1024;

/** `from` and `to`: commits or trees. Undefined for an empty patch and for one that is too large. */
export async function patchId(source: ObjectSource, from: string, to: string): Promise<string | undefined> {
  const patch = await patchOf(source, from, to);
  if (patch === undefined) return undefined;
  // `--verbatim` counts blanks; without it, a changed indentation would be no change.
  const output = await gitOutput({ ...within(source), args: ['patch-id', '--verbatim'], input: patch });
  return /^(?<id>[0-9a-f]{40}) /.exec(output.toString('latin1'))?.groups?.['id'];
}

/** `--full-index`: of a binary file, the patch id counts the ids of both contents. */
async function patchOf(source: ObjectSource, from: string, to: string): Promise<Buffer | undefined> {
  requireCommitId(from);
  requireCommitId(to);
  const fixed = [
    '--no-ext-diff',
    '--no-textconv',
    '--no-color',
    '--no-renames',
    '--full-index',
    '--unified=3',
  ];
  const form = ['--diff-algorithm=myers', '--src-prefix=a/', '--dst-prefix=b/'];
  const args = ['diff-tree', '-r', '--patch', ...fixed, ...form, `${from}^{tree}`, `${to}^{tree}`];
  try {
    return await gitOutput({ ...within(source), args, outputBytesMax: PATCH_BYTES_MAX });
  } catch (error) {
    if (error instanceof GitError && error.kind === 'output-too-large') return undefined;
    throw error;
  }
}
