/** A person's pushes: commits, force pushes, new and deleted branches. */
import { identityOf, serverIdentity, type Act } from '../acts/act.ts';
import { afterRefMove } from '../acts/push.ts';
import { mergeCommits } from '../git/merge.ts';
import { resolveRef } from '../git/objects.ts';
import { commitTree, deleteRef, updateRef, writeTree, zeroId } from '../git/write.ts';

export interface PushedCommit {
  readonly branch: string;
  readonly message: string;
  /** null removes a file. */
  readonly files: Readonly<Record<string, string | Buffer | null>>;
  /** The parent; default: the branch's tip, or the default branch's tip for a new branch. Any other parent makes it a force push. */
  readonly parent?: string;
  /** Committed on a page of GitHub, as a suggestion of a review is: GitHub is the committer and signs it. */
  readonly onPage?: boolean;
}

export interface BranchActs {
  readonly pushCommit: (input: PushedCommit) => Promise<string>;
  /** “Update branch” of a pull request: a merge commit that brings the default branch into the branch. */
  readonly updateBranch: (branch: string) => Promise<string>;
  /** The tip of a branch, or undefined. */
  readonly tip: (branch: string) => Promise<string | undefined>;
  /** Force-moves or creates a branch. */
  readonly moveBranch: (branch: string, sha: string) => Promise<void>;
  readonly deleteBranch: (branch: string) => Promise<void>;
}

export function branchActs(act: Act): BranchActs {
  const { dir } = act.repository;
  const tip = (branch: string): Promise<string | undefined> => resolveRef(dir, `refs/heads/${branch}`);
  const move = async (branch: string, sha: string): Promise<void> => {
    const ref = `refs/heads/${branch}`;
    const before = (await tip(branch)) ?? zeroId;
    if (!(await updateRef(dir, { ref, newSha: sha, oldSha: before })))
      throw new Error(`${branch} moved concurrently`);
    await afterRefMove(act, { ref, before, after: sha });
  };
  return {
    tip,
    moveBranch: move,
    pushCommit: async input => {
      const parent = input.parent ?? (await tip(input.branch)) ?? (await tip(act.repository.defaultBranch));
      const tree = await writeTree(dir, parent, input.files);
      const parents = parent === undefined ? [] : [parent];
      const author = identityOf(act);
      const committer = input.onPage === true ? serverIdentity(act) : author;
      const sha = await commitTree(dir, { tree, parents, message: input.message, author, committer });
      await move(input.branch, sha);
      return sha;
    },
    updateBranch: async branch => {
      const [base, head] = [await tip(branch), await tip(act.repository.defaultBranch)];
      if (base === undefined || head === undefined) throw new Error(`no branch ${branch}`);
      const sha = await mergeCommits(dir, {
        method: 'merge',
        base,
        head,
        message: `Merge branch '${act.repository.defaultBranch}' into ${branch}`,
        author: identityOf(act),
        committer: serverIdentity(act),
      });
      if (sha === undefined) throw new Error(`${branch} conflicts`);
      await move(branch, sha);
      return sha;
    },
    deleteBranch: async branch => {
      const before = await tip(branch);
      if (before === undefined) throw new Error(`no branch ${branch}`);
      await deleteRef(dir, `refs/heads/${branch}`, before);
      await afterRefMove(act, { ref: `refs/heads/${branch}`, before, after: zeroId });
    },
  };
}
