/** Copies a commit from its quarantine into the mirror, under a new branch. */
import { join } from 'node:path';
import type { Mirror } from './mirror.ts';
import { at, isSafeRef, requireCommitId } from './mirror.ts';
import { GitError } from './git-error.ts';
import { within } from './objects.ts';
import type { Quarantine } from './quarantine.ts';
import { gitOutput } from './run-git.ts';

export interface KeepCommitInput {
  readonly mirror: Mirror;
  readonly quarantine: Pick<Quarantine, 'objectDirectory'>;
  readonly base: string;
  readonly commit: string;
  /** Short name, without `refs/heads/`. The branch must not exist yet. */
  readonly branch: string;
}

export async function keepCommit(input: KeepCommitInput): Promise<void> {
  const { mirror, base, commit } = input;
  const ref = `refs/heads/${input.branch}`;
  if (!isSafeRef(ref) || input.branch.startsWith('-'))
    throw new GitError('bad-input', 'the branch name is malformed');
  requireCommitId(base);
  requireCommitId(commit);
  const packs = join(mirror.gitDir, 'objects', 'pack', 'pack');
  await gitOutput({
    ...within({ mirror, objectDirectory: input.quarantine.objectDirectory }),
    args: ['pack-objects', '--quiet', '--revs', packs],
    input: `${commit}\n^${base}\n`,
  });
  const absent = '';
  await gitOutput({ ...at(mirror), args: ['update-ref', ref, commit, absent] });
  // A plain clone of the mirror checks out this branch.
  await gitOutput({ ...at(mirror), args: ['symbolic-ref', 'HEAD', ref] });
}
