/** Which edition of the issue's text a look finds, and that it is read after the approvals that it is judged with. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Facet } from '../../../src/domain/observation.ts';
import { factOf } from '../support/perform.ts';
import { newIssue } from '../support/scenes.ts';
import { stageScheduler, type SchedulerStage } from '../support/stage.ts';

// GitHub's clock stands still here: a second that ends between two acts would change what is read.
const STARTED_AT = Date.now();
let aheadMs = 0;
let stage: SchedulerStage;
beforeAll(async () => void (stage = await stageScheduler({ now: () => STARTED_AT + aheadMs })));
afterAll(() => stage.end());

const look = async (issue: number, facets: readonly Facet[], more = {}) =>
  await factOf(stage.activities.look, {
    ...{ context: stage.context(issue), facets, commentsReadTo: 0, reviewsSeen: 0 },
    ...more,
  });

const EDITION = { reviewsCounted: [], approvedOverTemporal: false } as const;
const EDITS = { method: 'POST', path: '/graphql' } as const;
const COMMENTS = { method: 'GET', path: '/repos/{owner}/{repo}/issues/{issue_number}/comments' } as const;

async function issueNow(issue: number, more = {}) {
  const { issue: found } = await look(issue, ['issue'], more);
  if (found === undefined || 'gone' in found) throw new Error('no issue');
  return found;
}

test('each reading has a secret of its own and the time of the latest change', async () => {
  const issue = newIssue(stage);
  const [first, second] = [await issueNow(issue), await issueNow(issue)];
  expect(first.secret).toMatch(/^[0-9a-f]{32}$/);
  expect(second.secret).not.toBe(first.secret);
  expect(second.updatedAt).toBe(first.updatedAt);
  expect(first.edits).toBeUndefined();
});

test('with an approval over Temporal the edits of title and body are read, not those of labels', async () => {
  const issue = newIssue(stage);
  const { updatedAt } = await issueNow(issue);
  const approved = { edition: { ...EDITION, updatedAt, approvedOverTemporal: true } };
  expect((await issueNow(issue, approved)).edits).toEqual({ count: 0 });
  stage.person('alice').label(issue, 'other');
  stage.person('rita').comment(issue, 'words');
  expect((await issueNow(issue, approved)).edits).toEqual({ count: 0 });
  stage.person('alice').editIssue(issue, { body: 'other' });
  const { edits } = await issueNow(issue, approved);
  expect(edits).toEqual({ count: 1, lastAt: expect.any(Number) });
  aheadMs = 2_000;
  stage.person('alice').editIssue(issue, { body: 'text' });
  expect((await issueNow(issue, approved)).edits).toEqual({ count: 2, lastAt: (edits?.lastAt ?? 0) + 2_000 });
  aheadMs = 4_000;
  stage.person('alice').editIssue(issue, { title: 'renamed' });
  expect((await issueNow(issue, approved)).edits).toEqual({ count: 2, lastAt: (edits?.lastAt ?? 0) + 4_000 });
  aheadMs = 0;
});

test('comments with an approval cost one request more, and the issue is read again only if it was edited', async () => {
  const issue = newIssue(stage);
  const { updatedAt } = await issueNow(issue);
  const edition = { ...EDITION, updatedAt };
  aheadMs = 2_000;
  const pause = stage.person('alice').comment(issue, '/pause').id;
  expect(Object.keys(await look(issue, ['comments'], { edition })).sort()).toEqual(['comments', 'facets']);
  stage.person('alice').comment(issue, '/approve start 3f9a0c5d7e21');
  stage.simulator.requests.reset();
  const unedited = await look(issue, ['comments'], { commentsReadTo: pause, edition });
  expect(unedited.issue).toBeUndefined();
  expect(stage.simulator.requests.count(EDITS)).toBe(1);
  stage.person('alice').editIssue(issue, { body: 'another text' });
  const found = await look(issue, ['comments'], { commentsReadTo: pause, edition });
  expect(found).toMatchObject({
    facets: ['comments', 'issue'],
    comments: { commands: [{ request: { kind: 'approve' } }] },
    issue: { edits: { count: 1 } },
  });
  // After the merge no edit voids an approval.
  expect((await look(issue, ['comments'], { commentsReadTo: pause })).issue).toBeUndefined();
  aheadMs = 0;
});

test('an edit between the reading of the issue and of an approval is seen in the same look', async () => {
  const issue = newIssue(stage);
  const first = stage.person('rita').comment(issue, 'words').id;
  const { updatedAt } = await issueNow(issue);
  const path = '/repos/{owner}/{repo}/issues/{issue_number}';
  const hold = stage.simulator.admin.hold({ method: 'GET', path }, 'after');
  const more = { commentsReadTo: first, edition: { ...EDITION, updatedAt } };
  const looking = look(issue, ['issue', 'comments'], more);
  await hold.reached;
  aheadMs = 2_000;
  stage.person('alice').editIssue(issue, { body: 'another text' });
  stage.person('alice').comment(issue, '/approve start 3f9a0c5d7e21');
  hold.release();
  const seen = await looking;
  expect(seen.comments?.commands).toMatchObject([{ request: { kind: 'approve' } }]);
  expect(seen.issue).toMatchObject({ edits: { count: 1 } });
  expect(seen.issue).toMatchObject({ digest: (await issueNow(issue)).digest });
  aheadMs = 0;
});

test('an issue without comments has none read', async () => {
  const issue = newIssue(stage);
  stage.simulator.requests.reset();
  const { comments } = await look(issue, ['issue', 'comments']);
  expect(comments).toEqual({ commands: [], lastId: 0, status: null });
  expect(stage.simulator.requests.count(COMMENTS)).toBe(0);
});
