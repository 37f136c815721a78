/** Closing the issue at the release boundary: once, and without changing how a person closed it. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { repositoryName } from '../../support/github.ts';
import { perform } from '../support/perform.ts';
import { heldOf, newIssue } from '../support/scenes.ts';
import { limitedToken, stageScheduler, type SchedulerStage } from '../support/stage.ts';
import { testFaults } from '../support/sweep.ts';

let stage: SchedulerStage;
beforeAll(async () => void (stage = await stageScheduler()));
afterAll(() => stage.end());

const input = (issue: number) => ({
  context: stage.context(issue),
  effect: { kind: 'close-issue', reason: 'completed' } as const,
});
const close = async (issue: number, activities = stage.activities) =>
  (await perform(activities.closeIssue, input(issue))).ended;
const closings = (issue: number) => {
  const events = stage.simulator.admin.repositories.get(repositoryName).issues.get(issue)?.events ?? [];
  return events.filter(({ event }) => event === 'closed').map(({ actor }) => actor.login);
};
const done = { fact: { type: 'issue-closed' } };

testFaults({
  effect: 'close-issue',
  stage: () => stage,
  arrange: async () => {
    const issue = newIssue(stage);
    return {
      perform: () => perform(stage.activities.closeIssue, input(issue)),
      remains: async () => [await heldOf(stage, issue), closings(issue)],
    };
  },
});

describe('closing the issue', () => {
  test('closes it as completed, once', async () => {
    const issue = newIssue(stage);
    expect(await close(issue)).toEqual(done);
    expect(await close(issue)).toEqual(done);
    expect(closings(issue)).toEqual(['line-bot']);
    const { issues } = stage.simulator.admin.repositories.get(repositoryName);
    expect(issues.get(issue)).toMatchObject({ state: 'closed', stateReason: 'completed' });
  });

  test('keeps the reason with which a person closed it', async () => {
    const issue = newIssue(stage);
    stage.person('alice').closeIssue(issue, 'not_planned');
    expect(await close(issue)).toEqual(done);
    expect(closings(issue)).toEqual(['alice']);
  });

  test.each([
    ['deleted', 'GitHubNotFound', (issue: number) => stage.person('acme').deleteIssue(issue)],
    [
      'transferred',
      'GitHubMoved',
      (issue: number) => stage.person('acme').transferIssue(issue, { repositoryId: 9, number: 9 }),
    ],
  ] as const)('fails for a %s issue with %s', async (_, failure, act) => {
    const issue = newIssue(stage);
    act(issue);
    expect(await close(issue)).toMatchObject({ failure });
  });

  test('names the permission that the token lacks', async () => {
    const issue = newIssue(stage);
    const poor = stage.withToken(limitedToken(stage, { issues: 'read' }));
    expect(await close(issue, poor)).toMatchObject({
      failure: 'GitHubForbidden',
      message: expect.stringContaining('issues=write'),
    });
    expect(closings(issue)).toEqual([]);
  });
});
