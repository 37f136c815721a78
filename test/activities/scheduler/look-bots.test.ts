/** A look tells bots and other accounts from people, also in what they did to the issue and the pull request. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Facet } from '../../../src/domain/observation.ts';
import { workedBranch } from '../support/changes.ts';
import { factOf } from '../support/perform.ts';
import { newIssue } from '../support/scenes.ts';
import { stageScheduler, type SchedulerStage } from '../support/stage.ts';

let stage: SchedulerStage;
beforeAll(async () => void (stage = await stageScheduler()));
afterAll(() => stage.end());

const look = async (issue: number, facet: Facet, more = {}) =>
  await factOf(stage.activities.look, {
    ...{ context: stage.context(issue), facets: [facet], commentsReadTo: 0, reviewsSeen: 0 },
    ...more,
  });

test('an issue that is closed names who closed it, and a bot as a bot', async () => {
  const closer = async (login: string) => {
    const issue = newIssue(stage);
    expect((await look(issue, 'issue')).issue).not.toHaveProperty('closedBy');
    stage.person(login).closeIssue(issue);
    return (await look(issue, 'issue')).issue;
  };
  expect(await closer('alice')).toMatchObject({ closedBy: { login: 'alice', type: 'User' } });
  expect(await closer('line-bot')).toMatchObject({ closedBy: { login: 'line-bot', type: 'Bot' } });
});

test.each([
  ['mergify[bot]', 'Bot'],
  ['acme-org', 'Organization'],
] as const)('tells that it was merged by no person: %s', async (login, type) => {
  stage.simulator.admin.addUser(login, type);
  const { issue, branch } = await workedBranch(stage);
  const { number } = await stage.person('line-bot').openPull({ title: 'T', head: branch, base: 'main' });
  const commit = await stage.person(login).mergeByHand(number);
  expect((await look(issue, 'pull-request', { pullRequest: number })).pullRequest?.merged).toEqual({
    ...{ commit, by: login, type: type === 'Bot' ? 'Bot' : 'other', at: expect.any(Number) },
  });
});
