/** Branches, pull requests, reviews and merges of the simulated GitHub, driven by real octokit. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Octokit } from '@octokit/rest';
import type { Persona } from '../../../simulator/github/admin/persona.ts';
import { stageGitHub, where, repositoryName, type GitHubStage } from '../../support/github.ts';

let stage: GitHubStage;
let alice: Persona;
let bot: Octokit;
beforeEach(async () => {
  stage = await stageGitHub();
  alice = stage.github.admin.as('alice', repositoryName);
  bot = stage.as('bot-token');
});
afterEach(() => stage.end());

interface Refusal {
  readonly status: number;
  readonly response: {
    readonly data: { readonly message: string; readonly errors?: { readonly message: string }[] };
  };
}

const refusal = (work: Promise<unknown>): Promise<Refusal> =>
  work.then(
    () => {
      throw new Error('was not refused');
    },
    (error: unknown) => error as Refusal,
  );

const tip = async (branch: string): Promise<string> => (await alice.tip(branch)) ?? '';

const openPull = async (body = 'Why.', head = 'fix'): Promise<number> => {
  await alice.pushCommit({
    branch: head,
    message: 'Fix it',
    files: { 'src/card.js': 'export const card = 2;\n' },
  });
  const { data } = await bot.rest.pulls.create({ ...where, title: 'Fix', body, head, base: 'main' });
  return data.number;
};

test('of two that create the same branch at once, one wins', async () => {
  const claim = { ...where, ref: 'refs/heads/ai/issue-1', sha: await tip('main') };
  const results = await Promise.allSettled([bot.rest.git.createRef(claim), bot.rest.git.createRef(claim)]);
  expect(results.map(result => result.status).sort()).toEqual(['fulfilled', 'rejected']);
  const again = await refusal(bot.rest.git.createRef(claim));
  expect([again.status, again.response.data.message]).toEqual([422, 'Reference already exists']);
  const { data: matching } = await bot.rest.git.listMatchingRefs({ ...where, ref: 'heads/ai/issue-' });
  expect(matching.map(ref => ref.ref)).toEqual(['refs/heads/ai/issue-1']);
});

test('a branch cannot be above or below another one', async () => {
  const sha = await tip('main');
  const create = (name: string) => bot.rest.git.createRef({ ...where, ref: `refs/heads/${name}`, sha });
  await create('folder/branch');
  for (const name of ['folder', 'folder/branch/below']) {
    const { status, response } = await refusal(create(name));
    expect([name, status, response.data.message]).toEqual([name, 422, 'Reference update failed']);
  }
  await create('folder/other');
});

test('a deleted base branch closes the pull request, which can be reopened when the branch is there again', async () => {
  const number = await openPull();
  const at = { ...where, pull_number: number };
  const stable = await tip('main');
  await alice.moveBranch('stable', stable);
  await bot.rest.pulls.update({ ...at, base: 'stable' });
  await alice.deleteBranch('stable');
  expect((await bot.rest.pulls.get(at)).data.state).toBe('closed');
  expect((await refusal(bot.rest.pulls.update({ ...at, state: 'open' }))).status).toBe(422);
  await alice.moveBranch('stable', stable);
  expect((await bot.rest.pulls.update({ ...at, state: 'open' })).data).toMatchObject({
    state: 'open',
    base: { ref: 'stable' },
  });
});

test('a branch has one open pull request for a base, and lists find it by owner:branch only', async () => {
  const number = await openPull();
  const second = await refusal(
    bot.rest.pulls.create({ ...where, title: 'Again', head: 'fix', base: 'main' }),
  );
  expect(second.response.data.errors?.[0]?.message).toBe('A pull request already exists for acme:fix.');
  const byHead = async (head: string): Promise<number[]> =>
    (await bot.rest.pulls.list({ ...where, head, state: 'all' })).data.map(pull => pull.number);
  expect(await byHead('acme:fix')).toEqual([number]);
  expect(await byHead('acme:other')).toEqual([]);
  expect(await byHead('other')).toEqual([number]); // without an owner the filter is ignored
});

test('merging is refused with 409 when the head moved, and merges exactly the approved head otherwise', async () => {
  const pull_number = await openPull();
  const approved = await tip('fix');
  await alice.pushCommit({ branch: 'fix', message: 'More', files: { 'more.txt': 'more\n' } });
  const late = await refusal(bot.rest.pulls.merge({ ...where, pull_number, sha: approved }));
  expect(late.status).toBe(409);
  const head = await tip('fix');
  const { data } = await bot.rest.pulls.merge({ ...where, pull_number, sha: head, merge_method: 'squash' });
  expect([data.merged, data.sha]).toEqual([true, await tip('main')]);
  const { data: merged } = await bot.rest.pulls.get({ ...where, pull_number });
  expect([merged.merged, merged.merge_commit_sha, merged.merged_by?.login]).toEqual([
    true,
    data.sha,
    'line-bot',
  ]);
});

test.each(['merge', 'squash', 'rebase'] as const)('%s makes the commits git would make', async method => {
  const pull_number = await openPull();
  await alice.pushCommit({ branch: 'fix', message: 'Second', files: { 'second.txt': '2\n' } });
  await alice.pushCommit({ branch: 'main', message: 'Base moved', files: { 'base.txt': 'b\n' } });
  await bot.rest.pulls.merge({ ...where, pull_number, merge_method: method });
  const { data: commit } = await bot.rest.repos.getCommit({ ...where, ref: 'main' });
  expect(commit.parents).toHaveLength(method === 'merge' ? 2 : 1);
  for (const path of ['second.txt', 'base.txt', 'src/card.js'])
    await bot.rest.repos.getContent({ ...where, path });
  const { data: pulls } = await bot.rest.repos.listPullRequestsAssociatedWithCommit({
    ...where,
    commit_sha: commit.sha,
  });
  expect(pulls.map(pull => pull.number)).toEqual([pull_number]);
});

test('a conflict makes the pull request dirty and its merge a 405', async () => {
  const pull_number = await openPull();
  await alice.pushCommit({
    branch: 'main',
    message: 'Clash',
    files: { 'src/card.js': 'export const card = 3;\n' },
  });
  const { data } = await bot.rest.pulls.get({ ...where, pull_number });
  expect([data.mergeable, data.mergeable_state]).toEqual([false, 'dirty']);
  expect((await refusal(bot.rest.pulls.merge({ ...where, pull_number }))).status).toBe(405);
});

test('mergeability can take a few reads to be known', async () => {
  const pull_number = await openPull();
  alice.delayMergeability(pull_number, 2);
  const read = async (): Promise<boolean | null> =>
    (await bot.rest.pulls.get({ ...where, pull_number })).data.mergeable;
  expect([await read(), await read(), await read()]).toEqual([null, null, true]);
});

test('a protected base requires an approval by someone with write access', async () => {
  const pull_number = await openPull();
  stage.github.admin.repositories.protect(repositoryName, 'main', { requiredApprovals: 1 });
  await stage.as('rita-token').rest.pulls.createReview({ ...where, pull_number, event: 'APPROVE' });
  expect((await bot.rest.pulls.get({ ...where, pull_number })).data.mergeable_state).toBe('blocked');
  expect((await refusal(bot.rest.pulls.merge({ ...where, pull_number }))).status).toBe(405);
  expect(
    (await refusal(bot.rest.pulls.createReview({ ...where, pull_number, event: 'APPROVE' }))).status,
  ).toBe(422);
  const { data: review } = await stage
    .as('alice-token')
    .rest.pulls.createReview({ ...where, pull_number, event: 'APPROVE' });
  expect([review.state, review.commit_id]).toEqual(['APPROVED', await tip('fix')]);
  await bot.rest.pulls.merge({ ...where, pull_number });
});

test('closing words in a merged body or a commit on the default branch close; in other text they do not', async () => {
  const [one, two, three] = ['one', 'two', 'three'].map(title => alice.openIssue({ title }).number) as [
    number,
    number,
    number,
  ];
  const state = async (issue_number: number): Promise<string> =>
    (await bot.rest.issues.get({ ...where, issue_number })).data.state;
  const pull_number = await openPull(`Fixes #${one}. See #${two}.`);
  expect(await state(one)).toBe('open');
  await bot.rest.pulls.merge({ ...where, pull_number });
  await alice.pushCommit({ branch: 'side', message: `closes #${two}`, files: { side: 's' } });
  expect([await state(one), await state(two)]).toEqual(['closed', 'open']);
  await alice.pushCommit({ branch: 'main', message: `resolved: acme/cards#${three}`, files: { m: 'm' } });
  expect(await state(three)).toBe('closed');
});

test('a pull request ends with its branch, and counts as merged when a manual push brings its head into the base', async () => {
  const closed = await openPull();
  await alice.deleteBranch('fix');
  expect((await bot.rest.pulls.get({ ...where, pull_number: closed })).data).toMatchObject({
    state: 'closed',
    merged: false,
  });
  const merged = await openPull('Why.', 'other');
  await alice.moveBranch('main', await tip('other'));
  expect((await bot.rest.pulls.get({ ...where, pull_number: merged })).data).toMatchObject({
    state: 'closed',
    merged: true,
  });
});
