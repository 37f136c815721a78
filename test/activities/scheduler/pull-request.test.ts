/** The only pull request of a branch: searched in every state before one is opened, and updated after a rework. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { EffectInput } from '../../../src/contracts/activities.ts';
import { repositoryName } from '../../support/github.ts';
import { factOf, perform } from '../support/perform.ts';
import { branchOf, heldOf, newIssue } from '../support/scenes.ts';
import { limitedToken, stageScheduler, type SchedulerStage } from '../support/stage.ts';
import { testFaults, type Arrange } from '../support/sweep.ts';

const listPath = '/repos/{owner}/{repo}/pulls';
let stage: SchedulerStage;
let head: string;
beforeAll(async () => {
  stage = await stageScheduler();
  const files = { 'src/card.js': 'export const card = 2;\n' };
  head = await stage.person('line-bot').pushCommit({ branch: 'change', message: 'change', files });
});
afterAll(() => stage.end());

type Input = EffectInput<'open-pull-request'>;

/** An issue whose branch is pushed, and the effect that opens its pull request. */
async function pushed(): Promise<{ readonly issue: number; readonly input: Input }> {
  const issue = newIssue(stage);
  const branch = branchOf(issue);
  await stage.person('line-bot').moveBranch(branch, head);
  const effect = {
    kind: 'open-pull-request',
    branch,
    into: 'main',
    head,
    title: 'Title',
    body: 'Evidence',
  } as const;
  return { issue, input: { context: stage.context(issue), effect } };
}
const open = async (input: Input) => (await factOf(stage.activities.openPullRequest, input)).pullRequest;
const withEffect = (input: Input, more: Partial<Input['effect']>): Input => ({
  ...input,
  effect: { ...input.effect, ...more },
});
const textOf = (number: number) => {
  const pull = stage.simulator.admin.repositories.get(repositoryName).issues.get(number);
  return { title: pull?.title, body: pull?.body };
};

const scene = async (issue: number, input: Input) => ({
  perform: async () => {
    const { ended, repeated } = await perform(stage.activities.openPullRequest, input);
    if (!('fact' in ended)) return { ended, repeated };
    const { number, url, head, ...rest } = ended.fact.pullRequest;
    const isOurs = url.endsWith(`/pull/${number}`) && head === input.effect.head;
    return { ended: { fact: { ...rest, isOurs } }, repeated };
  },
  remains: () => heldOf(stage, issue),
});
const opening: Arrange = async () => {
  const { issue, input } = await pushed();
  return await scene(issue, input);
};
const found: Arrange = async () => {
  const { issue, input } = await pushed();
  await open(input);
  return await scene(issue, input);
};
const updating: Arrange = async () => {
  const { issue, input } = await pushed();
  const { number } = await open(input);
  return await scene(issue, withEffect(input, { number, title: 'Better', body: 'New evidence' }));
};

/** A refused text is replaced. */
const replaced = {
  '422 POST /repos/{owner}/{repo}/pulls': { fact: { isOurs: true } },
  '422 PATCH /repos/{owner}/{repo}/pulls/{pull_number}': { fact: { isOurs: true } },
};

testFaults({ effect: 'open-pull-request', stage: () => stage, arrange: opening, answers: replaced });
testFaults({
  effect: 'open-pull-request, as a draft',
  stage: () => stage,
  arrange: async () => {
    const { issue, input } = await pushed();
    return await scene(issue, withEffect(input, { draft: true }));
  },
  answers: replaced,
});
testFaults({ effect: 'open-pull-request, done before', stage: () => stage, arrange: found });
testFaults({
  effect: 'open-pull-request, after a rework',
  stage: () => stage,
  arrange: updating,
  answers: replaced,
});

describe('opening a pull request', () => {
  test('returns the pull request as GitHub shows it', async () => {
    const { issue, input } = await pushed();
    expect(await open(input)).toEqual({
      number: expect.any(Number),
      url: expect.stringContaining('/acme/cards/pull/'),
      state: 'open',
      draft: false,
      head: input.effect.head,
      base: 'main',
      merged: null,
      mergeable: expect.anything(),
      reviews: [],
    });
    expect(await heldOf(stage, issue)).toMatchObject({ pulls: [{ title: 'Title', state: 'open' }] });
  });

  const asDraft = (input: Input) =>
    factOf(stage.activities.openPullRequest, withEffect(input, { draft: true }));

  test('opens it as a draft if that is asked for, and finds its own draft again', async () => {
    const { input } = await pushed();
    const draft = { draft: 'opened', pullRequest: { draft: true } };
    expect(await asDraft(input)).toMatchObject(draft);
    expect(await asDraft(input)).toMatchObject(draft);
  });

  test("a person's draft of that branch is not its own", async () => {
    const { issue, input } = await pushed();
    const theirs = { head: branchOf(issue), base: 'main', title: 'By hand', draft: true };
    await stage.person('alice').openPull(theirs);
    const found = await asDraft(input);
    expect(found.pullRequest.draft).toBe(true);
    expect(found).not.toHaveProperty('draft');
  });

  test('a repository without drafts gets it as ready for review', async () => {
    const { input } = await pushed();
    stage.simulator.admin.repositories.allowDrafts(repositoryName, false);
    try {
      expect(await asDraft(input)).toMatchObject({ draft: 'refused', pullRequest: { draft: false } });
    } finally {
      stage.simulator.admin.repositories.allowDrafts(repositoryName);
    }
  });

  test("uses a person's pull request of that branch, and leaves its title and body unchanged", async () => {
    const { issue, input } = await pushed();
    const theirs = await stage
      .person('alice')
      .openPull({ head: branchOf(issue), base: 'main', title: 'By hand', body: 'x' });
    expect(await open(input)).toMatchObject({ number: theirs.number });
    expect(textOf(theirs.number)).toEqual({ title: 'By hand', body: 'x' });
  });

  test.each([
    ['closed', false, (number: number) => stage.person('alice').closeIssue(number)],
    // Squashed, so that the commit shared by all scenes stays out of main.
    ['merged', true, (number: number) => stage.person('alice').mergeByHand(number, 'squash')],
  ] as const)('never opens a second one when a person has %s the first', async (_, isMerged, act) => {
    const { issue, input } = await pushed();
    const { number } = await open(input);
    await act(number);
    const again = await open(input);
    expect(again).toMatchObject({ number, state: 'closed' });
    expect(again.merged !== null).toBe(isMerged);
    expect(await heldOf(stage, issue)).toMatchObject({ pulls: [{ state: 'closed', merged: isMerged }] });
  });

  test('finds in the next attempt a pull request that appeared just before', async () => {
    const { issue, input } = await pushed();
    const hold = stage.simulator.admin.hold({ method: 'POST', path: listPath }, 'before');
    const opening = perform(stage.activities.openPullRequest, input);
    await hold.reached;
    const theirs = await stage
      .person('alice')
      .openPull({ head: branchOf(issue), base: 'main', title: 'First', body: '' });
    hold.release();
    const { ended, repeated } = await opening;
    expect(ended).toMatchObject({ fact: { pullRequest: { number: theirs.number } } });
    expect(repeated.map(({ failure }) => failure)).toEqual(['PullRequestAppeared']);
  });

  test('does not open a second one when the list does not show the first yet', async () => {
    const { issue, input } = await pushed();
    const { faults } = stage.simulator.admin;
    faults.add({ kind: 'execute-then-500', method: 'POST', path: listPath });
    faults.add({ kind: 'stale', method: 'GET', path: listPath, skip: 1 });
    const { ended, repeated } = await perform(stage.activities.openPullRequest, input);
    expect(ended).toHaveProperty('fact');
    expect(repeated.map(({ failure }) => failure)).toEqual(['GitHub:unknown', 'PullRequestAppeared']);
    expect(await heldOf(stage, issue)).toMatchObject({ pulls: [{ state: 'open' }] });
  });

  test('is GitHubInvalid when the branch is gone', async () => {
    const { issue, input } = await pushed();
    await stage.person('alice').deleteBranch(branchOf(issue));
    expect((await perform(stage.activities.openPullRequest, input)).ended).toMatchObject({
      failure: 'GitHubInvalid',
    });
  });

  test('names the permission that the token lacks', async () => {
    const { input } = await pushed();
    const { openPullRequest } = stage.withToken(
      limitedToken(stage, { contents: 'write', pull_requests: 'read' }),
    );
    expect((await perform(openPullRequest, input)).ended).toMatchObject({
      failure: 'GitHubForbidden',
      message: expect.stringContaining('pull_requests=write'),
    });
  });
});

describe('after a rework', () => {
  test('the same pull request describes the new commit', async () => {
    const { issue, input } = await pushed();
    const { number } = await open(input);
    const updated = withEffect(input, { number, title: 'Better', body: 'New evidence' });
    expect(await open(updated)).toMatchObject({ number, state: 'open' });
    expect(textOf(number)).toEqual({ title: 'Better', body: 'New evidence' });
    expect(await heldOf(stage, issue)).toMatchObject({ pulls: [{ title: 'Better' }] });
  });

  test('a pull request that a person has closed stays closed', async () => {
    const { input } = await pushed();
    const { number } = await open(input);
    stage.person('alice').closeIssue(number);
    expect(await open(withEffect(input, { number }))).toMatchObject({ number, state: 'closed' });
  });
});

describe('a text that GitHub refuses', () => {
  const long = { body: 'x'.repeat(65_537) };

  test('is replaced when a pull request is opened', async () => {
    const { issue, input } = await pushed();
    const { number } = await open(withEffect(input, long));
    expect(textOf(number).title).toBe(`Change for issue ${issue}`);
    expect(textOf(number).body).toContain(`signalbox evidence ${repositoryName}#${issue}`);
  });

  test.each([{ title: 'x'.repeat(257) }, long])('is replaced when a pull request is updated', async text => {
    const { input } = await pushed();
    const { number } = await open(input);
    await open(withEffect(input, { number, ...text }));
    expect(textOf(number).body).toContain('signalbox evidence');
  });
});
