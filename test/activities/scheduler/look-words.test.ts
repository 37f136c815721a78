/** What people say after the first reading and elsewhere: edits into commands, the pull request, our own account. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { LookInput } from '../../../src/contracts/activities.ts';
import { portionOf } from '../../../src/activities/scheduler/commands-in-comments.ts';
import { createGitHub } from '../../../src/github/client.ts';
import { listComments } from '../../../src/github/comments.ts';
import { where } from '../../support/github.ts';
import { workedBranch } from '../support/changes.ts';
import { factOf } from '../support/perform.ts';
import { newIssue } from '../support/scenes.ts';
import { stageScheduler, type SchedulerStage } from '../support/stage.ts';

// GitHub's clock stands still here: a second that ends between two acts would change what is read.
const STARTED_AT = Date.now();
let aheadMs = 0;
let stage: SchedulerStage;
beforeAll(async () => void (stage = await stageScheduler({ now: () => STARTED_AT + aheadMs })));
afterAll(() => stage.end());

const look = async (issue: number, more: Partial<LookInput> = {}) =>
  await factOf(stage.activities.look, {
    ...{ context: stage.context(issue), facets: ['comments'], commentsReadTo: 0, reviewsSeen: 0 },
    ...more,
  });

/** As the next look is asked. */
async function readAll(issue: number): Promise<Partial<LookInput>> {
  const { comments } = await look(issue);
  const { lastId = 0, editsReadTo = '' } = comments ?? {};
  return { commentsReadTo: lastId, commentEditsReadTo: editsReadTo };
}

describe('an edit', () => {
  test('of a comment into a command is seen once, and as an edit', async () => {
    const issue = newIssue(stage);
    const { id } = stage.person('alice').comment(issue, 'looks good');
    const known = await readAll(issue);
    expect((await look(issue, known)).comments?.commands).toEqual([]);
    aheadMs += 5_000;
    stage.person('alice').editComment(id, '/approve start');
    const { comments } = await look(issue, known);
    expect(comments?.commands).toMatchObject([
      { commentId: id, edited: true, editedLater: true, request: { kind: 'approve', gate: 'start' } },
    ]);
    const next = { ...known, commentEditsReadTo: comments?.editsReadTo ?? '' };
    expect((await look(issue, next)).comments?.commands).toEqual([]);
  });

  test('from before the first reading of a build that knows of edits is not seen', async () => {
    const issue = newIssue(stage);
    const { id } = stage.person('alice').comment(issue, 'looks good');
    aheadMs += 5_000;
    stage.person('alice').editComment(id, '/approve start');
    expect((await look(issue, { commentsReadTo: id })).comments?.commands).toEqual([]);
  });
});

test('a reply that quotes the open question is its answer, and otherwise talk', async () => {
  const issue = newIssue(stage);
  const { id } = stage
    .person('alice')
    .comment(issue, '> - it asks: **Which** currency?\n\nThat of the shop.');
  stage.person('bob').comment(issue, 'I think so too.');
  expect((await look(issue)).comments?.commands).toEqual([]);
  const { comments } = await look(issue, { questions: ['', 'Which currency?'] });
  expect(comments?.commands).toEqual([
    {
      ...{ commentId: id, edited: false, thread: issue },
      author: { login: 'alice', type: 'User' },
      role: { kind: 'role', role: expect.any(String) as unknown },
      request: { kind: 'answer', reason: 'That of the shop.' },
    },
  ]);
});

test('a near miss is told apart from a command', async () => {
  const issue = newIssue(stage);
  stage.person('alice').comment(issue, '/aprove start');
  expect((await look(issue)).comments?.commands).toMatchObject([
    { near: true, request: { kind: 'approve' } },
  ]);
});

test('commands with our own account are seen as ours if it is a person’s, except in what we post', async () => {
  const issue = newIssue(stage);
  const github = createGitHub({
    ...{ apiUrl: stage.simulator.apiUrl, userAgent: 'signalbox-test' },
    credential: { kind: 'token', token: 'bot-token' },
  });
  const { id } = stage.person('alice').comment(issue, '/approve start');
  stage.person('alice').comment(issue, '/aprove start');
  stage.person('alice').comment(issue, '/approve start\n<!-- signalbox:reply 1 -->');
  stage.person('line-bot').comment(issue, '/approve start');
  const comments = await listComments(github, { ...where, issue });
  const seenBy = async (ownLogin: string) =>
    (
      await portionOf(
        { github },
        { ...{ comments, ownLogin, thread: issue }, ...{ place: where, readTo: 0, questions: [] } },
      )
    ).commands;
  const ofAlice = (await seenBy('Alice')).filter(({ author }) => author.login === 'alice');
  expect(ofAlice).toMatchObject([{ commentId: id, own: true }]);
  const ofBot = await seenBy('line-bot');
  expect(ofBot.map(({ author, own }) => [author.login, own])).toEqual(Array(3).fill(['alice', undefined]));
});

describe('the pull request', () => {
  const opened = async () => {
    const { issue, branch } = await workedBranch(stage);
    const { number } = await stage.person('line-bot').openPull({ title: 'P', head: branch, base: 'main' });
    return { issue, number };
  };
  const requestsFor = (number: number): number =>
    stage.simulator.requests.entries.filter(({ path }) => path.includes(`/issues/${number}/comments`)).length;
  const facets = ['pull-request'] as const;

  test('without comments costs no request for them', async () => {
    const { issue, number } = await opened();
    const { pullComments } = await look(issue, { facets, pullRequest: number });
    expect([pullComments, requestsFor(number)]).toEqual([undefined, 0]);
  });

  test('has its comments read when there may be news, and each command once', async () => {
    const { issue, number } = await opened();
    const { id } = stage.person('alice').comment(number, '/reject it is slow');
    const { pullComments } = await look(issue, { facets, pullRequest: number });
    expect(pullComments?.commands).toMatchObject([
      { commentId: id, thread: number, request: { kind: 'reject', reason: 'it is slow' } },
    ]);
    const pullCommentsRead = pullComments?.readTo;
    if (pullCommentsRead === undefined) throw new Error('not read');
    const before = requestsFor(number);
    const again = await look(issue, { facets, pullRequest: number, pullCommentsRead });
    expect([again.pullComments, requestsFor(number)]).toEqual([undefined, before]);
    const told = await look(issue, {
      ...{ facets: ['comments', 'pull-request'], pullRequest: number, pullCommentsRead },
    });
    expect(told.pullComments?.commands).toEqual([]);
    aheadMs += 5_000;
    stage.person('alice').editComment(id, '/cancel');
    const edited = await look(issue, {
      ...{ facets: ['comments', 'pull-request'], pullRequest: number, pullCommentsRead },
    });
    expect(edited.pullComments?.commands).toMatchObject([{ commentId: id, editedLater: true }]);
  });

  test('shows a review without a text as empty', async () => {
    const { issue, number } = await opened();
    stage.person('alice').review(number, 'CHANGES_REQUESTED', { body: '' });
    stage.person('alice').review(number, 'CHANGES_REQUESTED', { body: 'rename it' });
    const { pullRequest } = await look(issue, { facets, pullRequest: number });
    expect(pullRequest?.reviews.map(({ empty }) => empty)).toEqual([true, undefined]);
  });
});
