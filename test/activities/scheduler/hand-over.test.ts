/** Handing a merge over to GitHub, and taking it back: once, for exactly the approved head, while its approval is valid. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { EffectInput } from '../../../src/contracts/activities.ts';
import { digestOf } from '../../../src/domain/digest.ts';
import type { HandOverWay } from '../../../src/domain/policy.ts';
import type { Approval } from '../../../src/domain/state/people.ts';
import { repositoryName } from '../../support/github.ts';
import { factOf, perform } from '../support/perform.ts';
import { branchOf, newIssue } from '../support/scenes.ts';
import { limitedToken, stageScheduler, type SchedulerStage } from '../support/stage.ts';
import { testFaults } from '../support/sweep.ts';

let stage: SchedulerStage;
beforeAll(async () => void (stage = await stageScheduler()));
afterAll(() => stage.end());

const repositories = () => stage.simulator.admin.repositories;
/** Auto-merge waits for the check; the queue is for what has no rule to wait for. */
const RULES = { queue: { mergeQueue: true }, 'auto-merge': { requiredChecks: ['ci'] } } as const;
const allow = (way: HandOverWay): void => {
  repositories().protect(repositoryName, 'main', RULES[way]);
  repositories().allowAutoMerge(repositoryName);
};

type Input = EffectInput<'hand-over-merge'>;

async function approved(way: HandOverWay): Promise<{ readonly issue: number; readonly input: Input }> {
  allow(way);
  const issue = newIssue(stage);
  const branch = branchOf(issue);
  const files = { [`src/${issue}.js`]: `export const n = ${issue};\n` };
  const head = await stage.person('line-bot').pushCommit({ branch, message: 'change', files });
  const { number } = await stage
    .person('line-bot')
    .openPull({ head: branch, base: 'main', title: 'T', body: '' });
  const review = stage.person('alice').review(number, 'APPROVED').id;
  const by = { kind: 'person', login: 'alice', how: 'github-review' } as Approval['by'];
  const approval: Approval = { gate: 'merge', digest: digestOf(head), bound: { head }, by, at: 1, review };
  const effect = { kind: 'hand-over-merge', way, number, head, approval, title: 'Title' } as const;
  return { issue, input: { context: stage.context(issue), effect } };
}

const handOver = async (input: Input, activities = stage.activities) =>
  await perform(activities.handOverMerge, input);
const takeBack = async ({ context, effect: { way, number, head } }: Input) =>
  await perform(stage.activities.takeBackMerge, {
    context,
    effect: { kind: 'take-back-merge', way, number, head },
  });
const pullOf = ({ effect }: Input) => repositories().get(repositoryName).issues.get(effect.number)?.pull;
const isThere = (input: Input): boolean =>
  pullOf(input)?.queued !== undefined || pullOf(input)?.autoMerge !== undefined;
const look = async ({ context, effect: { number } }: Input) =>
  (
    await factOf(stage.activities.look, {
      ...{ context, facets: ['pull-request'], pullRequest: number, handedOver: true },
      ...{ commentsReadTo: 0, reviewsSeen: 0 },
    })
  ).pullRequest;

const WAYS = ['queue', 'auto-merge'] as const;
const lostRole = { failure: 'ApproverLostRole' };
const permission = 'GET /repos/{owner}/{repo}/collaborators/{username}/permission';

describe.each(WAYS)('by %s', way => {
  beforeEach(() => allow(way));

  testFaults({
    effect: `hand over (${way})`,
    stage: () => stage,
    arrange: async () => {
      const { input } = await approved(way);
      return {
        perform: async () => {
          const { ended, repeated } = await handOver(input);
          return { ended: 'fact' in ended ? { fact: { type: ended.fact.type } } : ended, repeated };
        },
        remains: async () => isThere(input),
        clear: () => {
          if (isThere(input)) stage.person('alice').giveBack(input.effect.number, 'done');
        },
      };
    },
    answers: Object.fromEntries(
      [301, 403, 404, 410, 422, 451].map(status => [`${status} ${permission}`, lostRole]),
    ),
  });

  testFaults({
    effect: `take back (${way})`,
    stage: () => stage,
    arrange: async () => {
      const { input } = await approved(way);
      await handOver(input);
      return {
        perform: async () => {
          const { ended, repeated } = await takeBack(input);
          return { ended: 'fact' in ended ? { fact: { type: ended.fact.type } } : ended, repeated };
        },
        remains: async () => isThere(input),
      };
    },
  });

  test('GitHub gets it once, is followed, and gives it back with its reason', async () => {
    const { input } = await approved(way);
    const { head } = input.effect;
    expect((await handOver(input)).ended).toMatchObject({ fact: { type: 'handed-over', head } });
    expect((await handOver(input)).ended).toMatchObject({ fact: { type: 'handed-over', head } });
    const place = pullOf(input)?.queued?.position;
    expect((await look(input))?.handedOver).toEqual(place === undefined ? {} : { position: place });
    stage.person('alice').giveBack(input.effect.number, 'FAILED_CHECKS');
    expect((await look(input))?.handedOver).toEqual({ returned: 'FAILED_CHECKS' });
  });

  test('what it merges is told as merged, and as nothing else', async () => {
    const { input } = await approved(way);
    await handOver(input);
    stage.person('acme').status({ sha: input.effect.head, context: 'ci', state: 'success' });
    const commit = await stage.person('alice').mergeHandedOver(input.effect.number);
    const found = await look(input);
    expect([found?.merged?.commit, found?.handedOver]).toEqual([commit, undefined]);
    expect((await handOver(input)).ended).toHaveProperty('fact');
    expect((await takeBack(input)).ended).toMatchObject({ fact: { type: 'taken-back' } });
  });

  test('another head, a closed pull request and a lost approval are refused by name', async () => {
    const moved = await approved(way);
    await stage
      .person('alice')
      .pushCommit({ branch: branchOf(moved.issue), message: 'mine', files: { 'a.txt': 'x' } });
    expect((await handOver(moved.input)).ended).toMatchObject({ failure: 'HeadMoved' });
    const closed = await approved(way);
    stage.person('alice').closeIssue(closed.input.effect.number);
    expect((await handOver(closed.input)).ended).toMatchObject({ failure: 'NotMergeable' });
    const lost = await approved(way);
    const { approval, number } = lost.input.effect;
    stage.person('alice').dismissReview(number, approval.review ?? 0);
    expect((await handOver(lost.input)).ended).toMatchObject({ failure: 'ReviewDismissed' });
    expect([moved, closed, lost].map(({ input }) => isThere(input))).toEqual([false, false, false]);
  });

  test('names the permission that the token lacks', async () => {
    const { input } = await approved(way);
    const token = limitedToken(stage, { contents: 'read', pull_requests: 'write', metadata: 'read' });
    expect((await handOver(input, stage.withToken(token))).ended).toMatchObject({
      failure: 'GitHubForbidden',
    });
  });
});

test('a branch without a queue, and settings without auto-merge, are named', async () => {
  const queue = await approved('queue');
  repositories().protect(repositoryName, 'main', { requiredApprovals: 1 });
  expect((await handOver(queue.input)).ended).toMatchObject({ failure: 'MergeQueueMissing' });
  const auto = await approved('auto-merge');
  repositories().allowAutoMerge(repositoryName, false);
  expect((await handOver(auto.input)).ended).toMatchObject({ failure: 'AutoMergeForbidden' });
  repositories().allowAutoMerge(repositoryName);
  repositories().protect(repositoryName, 'main', undefined);
  expect((await handOver(auto.input)).ended).toMatchObject({ failure: 'AutoMergeForbidden' });
});

test('auto-merge has nothing to wait for once the rules are met', async () => {
  const { input } = await approved('auto-merge');
  const { head } = input.effect;
  stage.person('acme').status({ sha: head, context: 'ci', state: 'success' });
  expect((await handOver(input)).ended).toEqual({ fact: { type: 'hand-over-needless', head } });
});

test('what cannot enter the queue yet says what is missing', async () => {
  const { input } = await approved('queue');
  repositories().protect(repositoryName, 'main', { mergeQueue: true, requiredChecks: ['ci'] });
  expect((await handOver(input)).ended).toMatchObject({
    failure: 'MergeRequirementUnmet',
    message: expect.stringContaining('"ci"'),
  });
});
