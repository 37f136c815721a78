/** Writes commits and moves refs without a work tree. Refs move by compare-and-set only. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { git, runGit } from './run.ts';

export const zeroId = '0'.repeat(40);

export interface Identity {
  readonly name: string;
  readonly email: string;
  readonly atMs: number;
}

export interface CommitInput {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly message: string;
  readonly author: Identity;
  readonly committer?: Identity;
}

export const identityEnvironment = (author: Identity, committer: Identity): Record<string, string> => ({
  GIT_AUTHOR_NAME: author.name,
  GIT_AUTHOR_EMAIL: author.email,
  GIT_AUTHOR_DATE: `${Math.floor(author.atMs / 1000)} +0000`,
  GIT_COMMITTER_NAME: committer.name,
  GIT_COMMITTER_EMAIL: committer.email,
  GIT_COMMITTER_DATE: `${Math.floor(committer.atMs / 1000)} +0000`,
});

export const commitTree = (dir: string, input: CommitInput): Promise<string> =>
  git(dir, {
    args: ['commit-tree', input.tree, ...input.parents.flatMap(parent => ['-p', parent])],
    input: input.message.endsWith('\n') ? input.message : `${input.message}\n`,
    env: identityEnvironment(input.author, input.committer ?? input.author),
  });

/** False when the ref is not at `oldSha` (zeros: it must not exist). */
export const updateRef = async (
  dir: string,
  move: { ref: string; newSha: string; oldSha: string },
): Promise<boolean> =>
  (await runGit(dir, { args: ['update-ref', move.ref, move.newSha, move.oldSha] })).code === 0;

export const deleteRef = async (dir: string, ref: string, oldSha: string): Promise<boolean> =>
  (await runGit(dir, { args: ['update-ref', '-d', ref, oldSha] })).code === 0;

/** Sets a ref without comparing; only for refs that the server owns. */
export const forceRef = (dir: string, ref: string, sha: string): Promise<string> =>
  git(dir, { args: ['update-ref', ref, sha] });

/** The tree of `parent` (or an empty one) with these files written or, for null, removed. */
export async function writeTree(
  dir: string,
  parent: string | undefined,
  files: Readonly<Record<string, string | Buffer | null>>,
): Promise<string> {
  const scratch = await mkdtemp(join(tmpdir(), 'github-index-'));
  const env = { GIT_INDEX_FILE: join(scratch, 'index') };
  try {
    if (parent !== undefined) await git(dir, { args: ['read-tree', parent], env });
    const lines: string[] = [];
    for (const [path, content] of Object.entries(files)) {
      if (content === null) lines.push(`0 ${zeroId}\t${path}`);
      else
        lines.push(
          `100644 ${await git(dir, { args: ['hash-object', '-w', '--stdin'], input: content })}\t${path}`,
        );
    }
    await git(dir, {
      args: ['update-index', '-z', '--index-info'],
      input: lines.map(line => `${line}\0`).join(''),
      env,
    });
    return await git(dir, { args: ['write-tree'], env });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
