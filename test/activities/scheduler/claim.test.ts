/** Claiming a branch and giving it back: one winner, and nobody's work is taken away. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
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
  test('makes the branch on the base', async () => {
    const issue = newIssue(stage);
    const fact = { type: 'claimed', branch: branchOf(issue), base: stage.repository.head };
    expect((await claim(issue)).ended).toEqual({ fact });
    expect(await heldOf(stage, issue)).toMatchObject({ branch: 'on the base' });
    // once more, as after a worker that died before it could tell
    expect((await claim(issue)).ended).toEqual({ fact });
  });

  test('is refused by name when somebody works on a branch of that name', async () => {
    const issue = newIssue(stage);
    const theirs = await work(issue);
    expect((await claim(issue)).ended).toMatchObject({
      failure: 'BranchTaken',
      message: expect.stringContaining(theirs),
    });
    expect(await stage.person('alice').tip(branchOf(issue))).toBe(theirs);
  });

  test('whose branch cannot be seen yet is asked again, never taken for lost', async () => {
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

  test('names the permission that the token lacks', async () => {
    const issue = newIssue(stage);
    const { claimBranch } = stage.withToken(limitedToken(stage, { contents: 'read', issues: 'write' }));
    expect((await perform(claimBranch, claimOf(issue))).ended).toMatchObject({
      failure: 'GitHubForbidden',
      message: expect.stringContaining('contents=write'),
    });
  });
});

describe('giving a claim back', () => {
  test('deletes the branch, and is done when it is gone already', async () => {
    const issue = newIssue(stage);
    await claim(issue);
    const done = { type: 'claim-released' };
    expect(await factOf(stage.activities.releaseClaim, releaseOf(issue))).toEqual(done);
    expect(await heldOf(stage, issue)).toMatchObject({ branch: 'none' });
    expect(await factOf(stage.activities.releaseClaim, releaseOf(issue))).toEqual(done);
  });

  test('leaves a branch alone that somebody has worked on', async () => {
    const issue = newIssue(stage);
    await claim(issue);
    const theirs = await work(issue);
    await factOf(stage.activities.releaseClaim, releaseOf(issue));
    expect(await stage.person('alice').tip(branchOf(issue))).toBe(theirs);
  });

  test('is done too when the branch is deleted between its reading and its deletion', async () => {
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
