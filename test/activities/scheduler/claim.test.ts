/** Claiming a branch and releasing it: only one claim succeeds, and nobody's work is deleted. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ALL_BRANCHES } from '../../../simulator/github/model.ts';
import { GIVES_UP_AT_ATTEMPT } from '../../../src/contracts/retries.ts';
import { repositoryName } from '../../support/github.ts';
import { factOf, perform } from '../support/perform.ts';
import { branchOf, heldOf, newIssue } from '../support/scenes.ts';
import { limitedToken, stageScheduler, type SchedulerStage } from '../support/stage.ts';
import { testFaults, type Arrange } from '../support/sweep.ts';

let stage: SchedulerStage;
beforeAll(async () => void (stage = await stageScheduler()));
afterAll(() => stage.end());

const claimOf = (issue: number) => ({
  context: stage.context(issue),
  effect: { kind: 'claim-branch' as const, branch: branchOf(issue), base: stage.repository.head },
});
const releaseOf = (issue: number, expected = stage.repository.head) => ({
  context: stage.context(issue),
  effect: { kind: 'release-claim' as const, branch: branchOf(issue), expected },
});
const claim = async (issue: number) => await perform(stage.activities.claimBranch, claimOf(issue));
const work = async (issue: number) =>
  await stage
    .person('alice')
    .pushCommit({ branch: branchOf(issue), message: 'mine', files: { 'a.txt': `${issue}` } });

const claiming: Arrange = async () => {
  const issue = newIssue(stage);
  const nameless = async () => {
    const { ended, repeated } = await claim(issue);
    const fact = 'fact' in ended ? { ...ended.fact, branch: ended.fact.branch === branchOf(issue) } : ended;
    return { ended: 'fact' in ended ? { fact } : ended, repeated };
  };
  return { perform: nameless, remains: () => heldOf(stage, issue) };
};

const releasing: Arrange = async () => {
  const issue = newIssue(stage);
  await claim(issue);
  return {
    perform: () => perform(stage.activities.releaseClaim, releaseOf(issue)),
    remains: () => heldOf(stage, issue),
  };
};

describe('a claim', () => {
  test('creates the branch at the base', async () => {
    const issue = newIssue(stage);
    const fact = { type: 'claimed', branch: branchOf(issue), base: stage.repository.head };
    expect((await claim(issue)).ended).toEqual({ fact });
    expect(await heldOf(stage, issue)).toMatchObject({ branch: 'on the base' });
    // Again, as after a worker that died before it reported the result.
    expect((await claim(issue)).ended).toEqual({ fact });
  });

  test('is BranchTaken when someone works on a branch with that name', async () => {
    const issue = newIssue(stage);
    const theirs = await work(issue);
    expect((await claim(issue)).ended).toMatchObject({
      failure: 'BranchTaken',
      message: expect.stringContaining(theirs),
    });
    expect(await stage.person('alice').tip(branchOf(issue))).toBe(theirs);
  });

  // Other claims are below `ai`, so these have a prefix of their own.
  test.each([
    ['two levels above it', 'bot/a/issue', 'bot'],
    ['above it', 'bot/b/issue', 'bot/b'],
    ['below it', 'bot/c/issue', 'bot/c/issue/part'],
  ])('is BranchBlocked by a branch %s, until that is gone', async (_, branch, inTheWay) => {
    const { context, effect } = claimOf(newIssue(stage));
    const input = { context, effect: { ...effect, branch } };
    await stage.person('alice').moveBranch(inTheWay, stage.repository.head);
    expect(await perform(stage.activities.claimBranch, input)).toEqual({
      ended: {
        failure: 'BranchBlocked',
        message: `the branch ${inTheWay} is in the way of ${branch}: git cannot have both`,
      },
      repeated: [],
    });
    await stage.person('alice').deleteBranch(inTheWay);
    expect((await perform(stage.activities.claimBranch, input)).ended).toMatchObject({
      fact: { type: 'claimed', branch },
    });
    await stage.person('alice').deleteBranch(branch);
  });

  test('is not blocked by branches with similar names', async () => {
    const issue = newIssue(stage);
    for (const name of ['a', 'ai-x', `${branchOf(issue)}-g2`, `${branchOf(issue)}s/part`])
      await stage.person('alice').moveBranch(name, stage.repository.head);
    expect((await claim(issue)).ended).toMatchObject({ fact: { type: 'claimed' } });
  });

  test('is BranchTaken when GitHub says for long that the branch exists and never shows it', async () => {
    const issue = newIssue(stage);
    await claim(issue);
    const fault = stage.simulator.admin.faults.add({
      kind: 'fail-before',
      status: 404,
      method: 'GET',
      path: '/repos/{owner}/{repo}/git/ref/{ref}',
      times: 100,
    });
    const options = { attemptsMax: 2 * GIVES_UP_AT_ATTEMPT.branchVanished };
    const { ended, repeated } = await perform(stage.activities.claimBranch, claimOf(issue), options);
    fault.remove();
    expect(ended).toMatchObject({ failure: 'BranchTaken' });
    expect(repeated).toHaveLength(GIVES_UP_AT_ATTEMPT.branchVanished - 1);
  });

  test('is retried when GitHub does not show its branch yet', async () => {
    const issue = newIssue(stage);
    await claim(issue);
    stage.simulator.admin.faults.add({
      kind: 'stale',
      method: 'GET',
      path: '/repos/{owner}/{repo}/git/ref/{ref}',
    });
    const { ended, repeated } = await claim(issue);
    expect(ended).toMatchObject({ fact: { type: 'claimed' } });
    expect(repeated.map(({ failure }) => failure)).toEqual(['BranchVanished']);
  });

  test('says that a rule does not let it create its branch', async () => {
    const issue = newIssue(stage);
    const { repositories } = stage.simulator.admin;
    repositories.protect(repositoryName, ALL_BRANCHES, { restrictCreations: true });
    const { ended } = await claim(issue);
    repositories.protect(repositoryName, ALL_BRANCHES, undefined);
    expect(ended).toMatchObject({
      failure: 'BranchRefused',
      message: expect.stringContaining('Cannot create ref due to creations being restricted'),
    });
    expect((await claim(issue)).ended).toMatchObject({ fact: { type: 'claimed' } });
  });

  test('names the permission that the token lacks', async () => {
    const issue = newIssue(stage);
    const { claimBranch } = stage.withToken(limitedToken(stage, { contents: 'read', issues: 'write' }));
    expect((await perform(claimBranch, claimOf(issue))).ended).toMatchObject({
      failure: 'GitHubForbidden',
      message: expect.stringContaining('contents=write'),
    });
  });
});

describe('releasing a claim', () => {
  test('deletes the branch, and succeeds when the branch is already gone', async () => {
    const issue = newIssue(stage);
    await claim(issue);
    const done = { type: 'claim-released' };
    expect(await factOf(stage.activities.releaseClaim, releaseOf(issue))).toEqual(done);
    expect(await heldOf(stage, issue)).toMatchObject({ branch: 'none' });
    expect(await factOf(stage.activities.releaseClaim, releaseOf(issue))).toEqual(done);
  });

  test('does not delete a branch that someone has pushed to', async () => {
    const issue = newIssue(stage);
    await claim(issue);
    const theirs = await work(issue);
    await factOf(stage.activities.releaseClaim, releaseOf(issue));
    expect(await stage.person('alice').tip(branchOf(issue))).toBe(theirs);
  });

  test('succeeds when someone deletes the branch between the read and the deletion', async () => {
    const issue = newIssue(stage);
    await claim(issue);
    const path = '/repos/{owner}/{repo}/git/refs/{ref}';
    const hold = stage.simulator.admin.hold({ method: 'DELETE', path }, 'before');
    const releasing = perform(stage.activities.releaseClaim, releaseOf(issue));
    await hold.reached;
    await stage.person('alice').deleteBranch(branchOf(issue));
    hold.release();
    expect((await releasing).ended).toEqual({ fact: { type: 'claim-released' } });
  });
});

testFaults({ effect: 'claim-branch', stage: () => stage, arrange: claiming });
testFaults({
  effect: 'release-claim',
  stage: () => stage,
  arrange: releasing,
  answers: { '404 GET /repos/{owner}/{repo}/git/ref/{ref}': { fact: { type: 'claim-released' } } },
});
