/** Makes work trees from the mirror: a private clone for an agent, or only the files of a commit for verification. */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inOwnFolder } from '../host/own-folder.ts';
import { copyHistory, COPY_TIMEOUT_MS } from './copy-history.ts';
import { GitError, kindOfFailure } from './git-error.ts';
import type { History } from './history.ts';
import type { Mirror } from './mirror.ts';
import { at, NEUTRAL_ATTRIBUTES, requireCommitId } from './mirror.ts';
import type { ObjectSource } from './objects.ts';
import { hasCommit, objectVariables } from './objects.ts';
import { gitOutput, runGit } from './run-git.ts';

export interface CloneWorkspaceInput {
  readonly mirror: Mirror;
  readonly base: string;
  /** Must not exist, or be empty. */
  readonly dir: string;
  /** The local branch to check out; default `work`. */
  readonly branch?: string;
  /** Absent: all of it, without a limit. */
  readonly history?: History | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface CheckoutInput extends ObjectSource {
  readonly commit: string;
  readonly dir: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Gives an agent a private repository with the base commit, its history if asked, and nothing else of the mirror. It shares no
 * file with the mirror and has no remote, no hook and no configured program. Files are the exact bytes of the blobs.
 */
export async function cloneWorkspace(input: CloneWorkspaceInput): Promise<void> {
  await requireCommit({ mirror: input.mirror }, input.base);
  await requireEmpty(input.dir);
  const gitDir = join(input.dir, '.git');
  const own = { gitDir, host: input.mirror.host, signal: input.signal };
  await gitOutput({ ...own, args: ['init', '--quiet', '--template=', '--initial-branch=unused', input.dir] });
  await copyHistory({ ...input, into: gitDir });
  await mkdir(join(gitDir, 'info'), { recursive: true });
  await writeFile(join(gitDir, 'info', 'attributes'), NEUTRAL_ATTRIBUTES);
  await gitOutput({ ...own, args: ['update-ref', `refs/heads/${input.branch ?? 'work'}`, input.base] });
  await gitOutput({ ...own, args: ['symbolic-ref', 'HEAD', `refs/heads/${input.branch ?? 'work'}`] });
  await writeFiles({
    mirror: { ...input.mirror, gitDir },
    commit: input.base,
    dir: input.dir,
    signal: input.signal,
  });
}

/** Writes the exact bytes of a commit into a directory, without a .git. The commit can be in a quarantine. */
export async function checkoutExact(input: CheckoutInput): Promise<void> {
  await requireCommit(input, input.commit);
  await requireEmpty(input.dir);
  await inOwnFolder(join(tmpdir(), 'checkout-'), scratch => writeFiles(input, join(scratch, 'index')));
}

async function writeFiles(input: CheckoutInput, indexFile?: string): Promise<void> {
  const result = await runGit({
    ...at(input.mirror),
    args: ['read-tree', '-mu', input.commit],
    settings: { 'core.bare': 'false', 'core.symlinks': 'true', 'core.fileMode': 'true' },
    variables: {
      ...objectVariables(input),
      GIT_WORK_TREE: input.dir,
      ...(indexFile === undefined ? {} : { GIT_INDEX_FILE: indexFile }),
    },
    timeoutMs: COPY_TIMEOUT_MS,
    signal: input.signal,
  });
  if (result.exitCode !== 0 || result.stderr !== '') {
    throw new GitError(
      kindOfFailure(result.stderr),
      `the files of ${input.commit} could not be written`,
      result.stderr,
    );
  }
}

async function requireCommit(source: ObjectSource, commit: string): Promise<void> {
  requireCommitId(commit);
  if (!(await hasCommit(source, commit)))
    throw new GitError('failed', `commit ${commit} is not in the mirror`);
}

async function requireEmpty(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  if ((await readdir(dir)).length > 0) throw new GitError('bad-input', 'the target directory is not empty');
}
