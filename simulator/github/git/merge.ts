/** Merges two commits with `git merge-tree`, by GitHub's three methods. A conflict is a result, not an error. */
import { git, runGit } from './run.ts';
import { commitTree, type Identity } from './write.ts';
import { readCommit } from './objects.ts';

export type MergeMethod = 'merge' | 'squash' | 'rebase';

export interface MergeInput {
  readonly method: MergeMethod;
  readonly base: string;
  readonly head: string;
  readonly message: string;
  readonly author: Identity;
  readonly committer: Identity;
}

/** The merged tree, or undefined when the two conflict. */
export async function mergedTree(dir: string, base: string, head: string): Promise<string | undefined> {
  const result = await runGit(dir, { args: ['merge-tree', '--write-tree', base, head] });
  const tree = result.stdout.toString().split('\n')[0] ?? '';
  if (result.code === 0) return tree;
  // rc 1 with an empty answer is a bad revision, not a conflict
  if (result.code === 1 && tree !== '') return undefined;
  if (result.stderr.includes('unrelated histories')) return undefined;
  throw new Error(`git merge-tree failed (${result.code}): ${result.stderr}`);
}

/** The id of the commit that becomes the base's new tip, or undefined on conflict. */
export async function mergeCommits(dir: string, input: MergeInput): Promise<string | undefined> {
  if (input.method === 'rebase') return rebase(dir, input);
  const tree = await mergedTree(dir, input.base, input.head);
  if (tree === undefined) return undefined;
  const parents = input.method === 'merge' ? [input.base, input.head] : [input.base];
  return commitTree(dir, {
    tree,
    parents,
    message: input.message,
    author: input.author,
    committer: input.committer,
  });
}

async function rebase(dir: string, input: MergeInput): Promise<string | undefined> {
  const range = `${input.base}..${input.head}`;
  const listed = await git(dir, { args: ['rev-list', '--reverse', '--no-merges', range] });
  let tip = input.base;
  for (const sha of listed.split('\n').filter(Boolean)) {
    const commit = await readCommit(dir, sha);
    const parent = commit.parents[0];
    if (parent === undefined) return undefined;
    // git 2.39 has no `merge-tree --merge-base`: a commit with the tip's tree on the picked commit's parent has the same effect
    const tipTree = await git(dir, { args: ['rev-parse', `${tip}^{tree}`] });
    const bridge = await commitTree(dir, {
      tree: tipTree,
      parents: [parent],
      message: 'bridge',
      author: input.author,
    });
    const tree = await mergedTree(dir, bridge, sha);
    if (tree === undefined) return undefined;
    const { name, email, date } = commit.author;
    const author: Identity = { name, email, atMs: Date.parse(date) };
    const next = { tree, parents: [tip], message: commit.message, author, committer: input.committer };
    tip = await commitTree(dir, next);
  }
  return tip;
}
