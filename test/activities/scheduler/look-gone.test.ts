/** A missing issue is a named finding, whichever request shows it. A renamed repository is not a missing issue. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Facet } from '../../../src/domain/observation.ts';
import { perform } from '../support/perform.ts';
import { newIssue } from '../support/scenes.ts';
import { stageScheduler, type SchedulerStage } from '../support/stage.ts';

let stage: SchedulerStage;
let pullRequest: number;
beforeAll(async () => {
  stage = await stageScheduler();
  const bot = stage.person('line-bot');
  await bot.pushCommit({ branch: 'change', message: 'change', files: { 'a.txt': 'a\n' } });
  pullRequest = (await bot.openPull({ head: 'change', base: 'main', title: 'T', body: '' })).number;
});
afterAll(() => stage.end());

const look = async (issue: number, facets: readonly Facet[]) => {
  const context = stage.context(issue);
  const asked = { context, facets, pullRequest, commentsReadTo: 0, reviewsSeen: 0 };
  return (await perform(stage.activities.look, asked)).ended;
};

test.each([
  ['deleted', (issue: number) => stage.person('acme').deleteIssue(issue)],
  [
    'transferred',
    (issue: number) => stage.person('acme').transferIssue(issue, { repositoryId: 9, number: 9 }),
  ],
] as const)(
  'a %s issue is found as such without its comments, and its pull request is still read',
  async (gone, act) => {
    const issue = newIssue(stage);
    act(issue);
    const facets = ['issue', 'comments', 'pull-request'] as const;
    expect(await look(issue, facets)).toEqual({
      fact: { facets, issue: { gone }, pullRequest: expect.objectContaining({ number: pullRequest }) },
    });
    // Here only the request for comments can show it.
    expect(await look(issue, ['comments'])).toEqual({ fact: { facets: ['comments'], issue: { gone } } });
  },
);

test('an issue that is deleted between the requests for it and for its comments is found as deleted', async () => {
  const issue = newIssue(stage);
  stage.person('acme').comment(issue, 'words');
  const path = '/repos/{owner}/{repo}/issues/{issue_number}/comments';
  const hold = stage.simulator.admin.hold({ method: 'GET', path }, 'before');
  const looking = look(issue, ['issue', 'comments']);
  await hold.reached;
  stage.person('acme').deleteIssue(issue);
  hold.release();
  expect(await looking).toMatchObject({ fact: { issue: { gone: 'deleted' } } });
});

test('an issue that is not visible is not-found, not deleted', async () => {
  expect(await look(4_711, ['issue', 'comments'])).toMatchObject({ fact: { issue: { gone: 'not-found' } } });
});

test('a renamed repository is GitHubMoved, which a person must fix', async () => {
  const issue = newIssue(stage);
  const { repositories } = stage.simulator.admin;
  repositories.rename('acme/cards', 'playing-cards');
  const ended = await look(issue, ['issue']);
  repositories.rename('acme/playing-cards', 'cards');
  expect(ended).toMatchObject({ failure: 'GitHubMoved' });
  expect(await look(issue, ['issue'])).toMatchObject({ fact: { issue: { state: 'open' } } });
});
