/** Which edition of the issue's text a look finds, and that it is read after the approvals that it is judged with. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Facet } from '../../../src/domain/observation.ts';
import { factOf } from '../support/perform.ts';
import { newIssue } from '../support/scenes.ts';
import { stageScheduler, type SchedulerStage } from '../support/stage.ts';

let aheadMs = 0;
let stage: SchedulerStage;
beforeAll(async () => void (stage = await stageScheduler({ now: () => Date.now() + aheadMs })));
afterAll(() => stage.end());

const look = async (issue: number, facets: readonly Facet[], more = {}) =>
  await factOf(stage.activities.look, {
    ...{ context: stage.context(issue), facets, commentsReadTo: 0, reviewsSeen: 0 },
    ...more,
  });

test('the issue has a secret of each reading, and the edits of its title and body, but not of its labels', async () => {
  const issue = newIssue(stage);
  const editionNow = async () => {
    const { issue: found } = await look(issue, ['issue']);
    if (found === undefined || 'gone' in found) throw new Error('no issue');
    return { edits: found.edits, secret: found.secret ?? '' };
  };
  const first = await editionNow();
  expect(first.edits).toEqual({ count: 0 });
  expect(first.secret).toMatch(/^[0-9a-f]{32}$/);
  stage.person('alice').label(issue, 'other');
  stage.person('rita').comment(issue, 'words');
  const second = await editionNow();
  expect(second.edits).toEqual(first.edits);
  expect(second.secret).not.toBe(first.secret);
  stage.person('alice').editIssue(issue, { body: 'other' });
  const edited = await editionNow();
  expect(edited.edits).toEqual({ count: 1, lastAt: expect.any(Number) });
  aheadMs = 2_000;
  stage.person('alice').editIssue(issue, { body: 'text' });
  const restored = await editionNow();
  expect(restored.edits).toEqual({ count: 2, lastAt: (edited.edits?.lastAt ?? 0) + 2_000 });
  aheadMs = 4_000;
  stage.person('alice').editIssue(issue, { title: 'renamed' });
  expect((await editionNow()).edits).toEqual({ count: 2, lastAt: (edited.edits?.lastAt ?? 0) + 4_000 });
  aheadMs = 0;
});

test('comments with an approval have the issue read too if it was edited, after them: an edit before the approval is seen', async () => {
  const issue = newIssue(stage);
  const pause = stage.person('alice').comment(issue, '/pause').id;
  expect(Object.keys(await look(issue, ['comments'])).sort()).toEqual(['comments', 'facets']);
  const path = '/repos/{owner}/{repo}/issues/{issue_number}/comments';
  const hold = stage.simulator.admin.hold({ method: 'GET', path }, 'after');
  const looking = look(issue, ['issue', 'comments'], { commentsReadTo: pause });
  await hold.reached;
  stage.person('alice').editIssue(issue, { body: 'another text' });
  stage.person('alice').comment(issue, '/approve start 3f9a0c5d7e21');
  hold.release();
  // The approval came after the comments were read, the edit before the issue was.
  const early = await looking;
  expect(early).toMatchObject({ comments: { commands: [] }, issue: { edits: { count: 1 } } });
  const found = await look(issue, ['comments'], { commentsReadTo: pause });
  expect(found).toMatchObject({
    facets: ['comments', 'issue'],
    comments: { commands: [{ request: { kind: 'approve' } }] },
    issue: { edits: { count: 1 } },
  });
  const { issue: known } = found;
  if (known === undefined || 'gone' in known || known.edits === undefined) throw new Error('no edits');
  const lookAgain = (edits: object) => look(issue, ['comments'], { commentsReadTo: pause, edits });
  expect((await lookAgain(known.edits)).facets).toEqual(['comments']);
  expect((await lookAgain({ ...known.edits, count: 0 })).facets).toEqual(['comments', 'issue']);
  expect((await lookAgain({ ...known.edits, lastAt: 7 })).facets).toEqual(['comments', 'issue']);
});
