/** Heads that people leave on our branch: pushes, replacements, merges, links. Each function takes the stage first. */
import { mergeCommits } from '../../../simulator/github/git/merge.ts';
import { git } from '../../../simulator/github/git/run.ts';
import { commitTree, writeTree } from '../../../simulator/github/git/write.ts';
import { repositoryName } from '../../support/github.ts';
import { branchOf, newIssue } from './scenes.ts';
import { policyText, type SchedulerStage } from './stage.ts';

const OURS = { 'src/card.js': 'export const card = 2;\n' };
/** Of a person: everything may be changed, in few files. */
export const openPolicy = policyText.replace(
  "change: { allowedPaths: ['src/**', 'test/**'] }",
  'change: { files: 20 }',
);
const ALICE = { name: 'alice', email: 'alice@example.com', atMs: 1_700_000_000_000 };

export interface BranchScene {
  readonly issue: number;
  readonly branch: string;
  readonly number: number;
  /** Our commit on the branch. */
  readonly ours: string;
}

/** Our verified commit is on the branch and has a pull request. */
export async function openedBranch(stage: SchedulerStage): Promise<BranchScene> {
  const issue = newIssue(stage);
  const branch = branchOf(issue);
  const us = stage.person('line-bot');
  const ours = await us.pushCommit({
    branch,
    message: 'Deal the cards',
    files: OURS,
    parent: stage.repository.head,
  });
  const { number } = await us.openPull({ head: branch, base: 'main', title: 'Cards', body: '' });
  return { issue, branch, number, ours };
}

export async function pushedBy(
  { person }: SchedulerStage,
  { branch }: BranchScene,
  commit: {
    readonly files: Readonly<Record<string, string | Buffer | null>>;
    readonly parent?: string;
    readonly onPage?: boolean;
  },
): Promise<string> {
  return await person('alice').pushCommit({ branch, message: 'Better', ...commit });
}

/** Commits without changes of their own. */
export async function longBranch(
  stage: SchedulerStage,
  { branch }: BranchScene,
  count: number,
): Promise<void> {
  const { dir } = stage.simulator.admin.repositories.get(repositoryName);
  let tip = (await stage.person('alice').tip(branch)) ?? '';
  const tree = await git(dir, { args: ['rev-parse', `${tip}^{tree}`] });
  for (let made = 1; made <= count; made += 1)
    tip = await commitTree(dir, { tree, parents: [tip], message: `${made}`, author: ALICE });
  await stage.person('alice').moveBranch(branch, tip);
}

/** A head without a common commit. */
export async function orphan(stage: SchedulerStage, { branch }: BranchScene): Promise<string> {
  const { dir } = stage.simulator.admin.repositories.get(repositoryName);
  const tree = await writeTree(dir, undefined, { 'src/card.js': 'other\n' });
  const sha = await commitTree(dir, { tree, parents: [], message: 'unrelated', author: ALICE });
  await stage.person('alice').moveBranch(branch, sha);
  return sha;
}

export async function mergeOf(
  stage: SchedulerStage,
  { branch }: BranchScene,
  other: string,
): Promise<string> {
  const { dir } = stage.simulator.admin.repositories.get(repositoryName);
  const base = await stage.person('alice').tip(branch);
  const input = {
    method: 'merge' as const,
    base: base ?? '',
    head: other,
    message: 'Merge',
    author: ALICE,
    committer: ALICE,
  };
  const sha = await mergeCommits(dir, input);
  if (sha === undefined) throw new Error('a conflict');
  await stage.person('alice').moveBranch(branch, sha);
  return sha;
}

/** A commit with so many parents, all of them on top of ours. */
export async function mergeOfMany(
  stage: SchedulerStage,
  { branch }: BranchScene,
  parents: number,
): Promise<string> {
  const { dir } = stage.simulator.admin.repositories.get(repositoryName);
  const tip = (await stage.person('alice').tip(branch)) ?? '';
  const tree = await git(dir, { args: ['rev-parse', `${tip}^{tree}`] });
  const tips: string[] = [];
  for (let made = 0; made < parents; made += 1)
    tips.push(await commitTree(dir, { tree, parents: [tip], message: `${made}`, author: ALICE }));
  const sha = await commitTree(dir, { tree, parents: tips, message: 'many', author: ALICE });
  await stage.person('alice').moveBranch(branch, sha);
  return sha;
}

export async function withLink(stage: SchedulerStage, { branch }: BranchScene): Promise<string> {
  const { dir } = stage.simulator.admin.repositories.get(repositoryName);
  const tip = (await stage.person('alice').tip(branch)) ?? '';
  const blob = (await git(dir, { args: ['hash-object', '-w', '--stdin'], input: '/etc/passwd' })).trim();
  const src = (await git(dir, { args: ['ls-tree', `${tip}:src`] })) + `\n120000 blob ${blob}\tlink\n`;
  const folder = (await git(dir, { args: ['mktree'], input: src })).trim();
  const root = (await git(dir, { args: ['ls-tree', tip] })).replace(
    /tree [0-9a-f]{40}\tsrc/,
    `tree ${folder}\tsrc`,
  );
  const tree = (await git(dir, { args: ['mktree'], input: root })).trim();
  const sha = await commitTree(dir, { tree, parents: [tip], message: 'link', author: ALICE });
  await stage.person('alice').moveBranch(branch, sha);
  return sha;
}
