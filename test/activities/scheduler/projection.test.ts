/** What people see: our labels and the only status comment, even when requests or responses are lost. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ProjectInput } from '../../../src/contracts/activities.ts';
import { digestOf } from '../../../src/domain/digest.ts';
import { repositoryName } from '../../support/github.ts';
import { activityEnvironment, perform, type Performed } from '../support/perform.ts';
import { heldOf, newIssue } from '../support/scenes.ts';
import { limitedToken, stageScheduler, type SchedulerStage } from '../support/stage.ts';
import { testFaults, type Arrange } from '../support/sweep.ts';

const commentsPath = '/repos/{owner}/{repo}/issues/{issue_number}/comments';
let stage: SchedulerStage;
beforeAll(async () => void (stage = await stageScheduler()));
afterAll(() => stage.end());

const marker = (issue: number) => `<!-- signalbox:status ${issue}.1 -->`;
const input = (issue: number, more: Partial<ProjectInput> & { text?: string } = {}): ProjectInput => {
  const { text = 'Stage: triage', ...rest } = more;
  const projection = {
    labels: ['ai:risk-low', 'ai:gate-start'],
    marker: marker(issue),
    comment: `${text}\n${marker(issue)}`,
  };
  return { context: stage.context(issue), projection, digest: digestOf(text), labelsBefore: [], ...rest };
};
const project = async (issue: number, more: Parameters<typeof input>[1] = {}) => {
  const { ended } = await perform(stage.activities.writeProjection, input(issue, more));
  if ('fact' in ended) return ended.fact;
  throw new Error(JSON.stringify(ended));
};
const commentsOf = (issue: number) =>
  [...stage.simulator.admin.repositories.get(repositoryName).comments.values()].filter(
    comment => comment.issueNumber === issue,
  );
const labels = ['ai:gate-start', 'ai:risk-low'];

/** Removes the comment's id, which differs from scene to scene. */
async function nameless(performing: Promise<Performed<{ readonly commentId: number }>>, issue: number) {
  const { ended, repeated } = await performing;
  if (!('fact' in ended)) return { ended, repeated };
  const { commentId, ...fact } = ended.fact;
  const isOurs = commentsOf(issue).some(({ id, user }) => id === commentId && user.login === 'line-bot');
  return { ended: { fact: { ...fact, isOurs } }, repeated };
}

const numberless = async (issue: number): Promise<string> =>
  JSON.stringify(await heldOf(stage, issue)).replaceAll(`${issue}.1`, 'n.1');

const first: Arrange = async () => {
  const issue = newIssue(stage);
  return {
    perform: () => nameless(perform(stage.activities.writeProjection, input(issue)), issue),
    remains: () => numberless(issue),
  };
};
const firstAfterALook: Arrange = async () => {
  const issue = newIssue(stage);
  const unseen = input(issue, { commentId: null });
  return {
    perform: () => nameless(perform(stage.activities.writeProjection, unseen), issue),
    remains: () => numberless(issue),
  };
};
const later: Arrange = async () => {
  const issue = newIssue(stage);
  const { commentId } = await project(issue);
  const next = input(issue, { text: 'Stage: pr', commentId, labelsBefore: [...labels, 'ai:gone'] });
  stage.person('alice').label(issue, 'ai:gone');
  stage.person('alice').label(issue, 'bug');
  return {
    perform: () => nameless(perform(stage.activities.writeProjection, next), issue),
    remains: () => numberless(issue),
  };
};
const isOurs = { fact: { type: 'projected', isOurs: true } };

/** A refused label is left out, and a refused text is replaced. */
const refusedToShow = {
  '422 POST /repos/{owner}/{repo}/issues/{issue_number}/labels': isOurs,
  '422 POST /repos/{owner}/{repo}/issues/{issue_number}/comments': isOurs,
  '422 PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}': isOurs,
};

testFaults({
  effect: 'the first projection',
  stage: () => stage,
  arrange: first,
  answers: refusedToShow,
});
testFaults({
  effect: 'the first projection after a look',
  stage: () => stage,
  arrange: firstAfterALook,
  answers: refusedToShow,
});
testFaults({
  effect: 'a later projection',
  stage: () => stage,
  arrange: later,
  answers: {
    ...refusedToShow,
    // A missing label is already removed; a missing comment is searched for.
    '404 DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}': isOurs,
    '404 PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}': isOurs,
  },
});

describe('the status comment', () => {
  test('is created once, then edited by its id', async () => {
    const issue = newIssue(stage);
    const { commentId } = await project(issue);
    expect(await project(issue, { text: 'Stage: pr', commentId })).toMatchObject({ commentId });
    // Without the id, it is found by its marker.
    expect(await project(issue, { text: 'Stage: merged' })).toMatchObject({ commentId });
    expect(commentsOf(issue)).toMatchObject([{ id: commentId, body: expect.stringContaining('merged') }]);
  });

  test('is searched for only in a retry when a look has found none', async () => {
    const issue = newIssue(stage);
    const listed = () =>
      stage.simulator.requests
        .find({ path: commentsPath, user: 'line-bot' })
        .filter(({ method }) => method === 'GET');
    const before = listed().length;
    const { commentId } = await project(issue, { commentId: null });
    expect(listed()).toHaveLength(before);
    const again: unknown = await activityEnvironment(2).run(
      stage.activities.writeProjection,
      input(issue, { commentId: null }),
    );
    expect(again).toMatchObject({ commentId });
    expect(commentsOf(issue)).toHaveLength(1);
  });

  test("is never a person's comment, even one with our marker", async () => {
    const issue = newIssue(stage);
    const theirs = stage.person('alice').comment(issue, `copied ${marker(issue)}`);
    const { commentId } = await project(issue);
    expect(commentId).not.toBe(theirs.id);
    expect(commentsOf(issue).map(({ body }) => body)).toEqual([
      `copied ${marker(issue)}`,
      `Stage: triage\n${marker(issue)}`,
    ]);
  });

  test('is created again, once, after a person deleted it', async () => {
    const issue = newIssue(stage);
    const { commentId } = await project(issue);
    stage.person('alice').deleteComment(commentId);
    const again = await project(issue, { commentId });
    expect(again.commentId).not.toBe(commentId);
    expect(commentsOf(issue).map(({ id }) => id)).toEqual([again.commentId]);
  });

  test('is reduced to the oldest one when there are several', async () => {
    const issue = newIssue(stage);
    const [kept] = [1, 2, 3].map(() => stage.person('line-bot').comment(issue, marker(issue)));
    expect(await project(issue)).toMatchObject({ commentId: kept?.id });
    expect(commentsOf(issue).map(({ id }) => id)).toEqual([kept?.id]);
  });

  test('exists only once after its response was lost and the list did not show it yet', async () => {
    const issue = newIssue(stage);
    const { faults } = stage.simulator.admin;
    faults.add({ kind: 'execute-then-reset', method: 'POST', path: commentsPath });
    faults.add({ kind: 'stale', method: 'GET', path: commentsPath, skip: 1 });
    const { commentId } = await project(issue);
    expect(commentsOf(issue).map(({ id }) => id)).toEqual([commentId]);
  });
});

describe('labels', () => {
  test('of people are never touched; ours are added and removed', async () => {
    const issue = newIssue(stage);
    stage.person('alice').label(issue, 'bug');
    await project(issue);
    await project(issue, { labelsBefore: [...labels, 'ai:never-there'] });
    expect(await heldOf(stage, issue)).toMatchObject({ labels: [...labels, 'bug'] });
    await project(issue, {
      labelsBefore: labels,
      projection: { ...input(issue).projection, labels: ['ai:risk-low'] },
    });
    expect(await heldOf(stage, issue)).toMatchObject({ labels: ['ai:risk-low', 'bug'] });
  });
});

test('a projection names the permission that the token lacks', async () => {
  const issue = newIssue(stage);
  const { writeProjection } = stage.withToken(limitedToken(stage, { issues: 'read' }));
  expect((await perform(writeProjection, input(issue))).ended).toMatchObject({
    failure: 'GitHubForbidden',
    message: expect.stringContaining('issues=write'),
  });
});

test('a projection onto a deleted issue is GitHubNotFound', async () => {
  const issue = newIssue(stage);
  stage.person('acme').deleteIssue(issue);
  const { ended } = await perform(stage.activities.writeProjection, input(issue));
  expect(ended).toMatchObject({ failure: 'GitHubNotFound' });
});

describe('what GitHub refuses to show', () => {
  const long = 'x'.repeat(65_537);

  test('is left out of a new comment, which says so', async () => {
    const issue = newIssue(stage);
    const { labels: shown } = await project(issue, { text: long });
    expect(shown).toEqual(['ai:risk-low', 'ai:gate-start']);
    const [comment, ...others] = commentsOf(issue);
    expect(others).toEqual([]);
    expect(comment?.body).toContain(`signalbox show ${repositoryName}#${issue}`);
    expect(comment?.body.endsWith(marker(issue))).toBe(true);
  });

  test('is left out of the comment that is there, and shown again when it fits', async () => {
    const issue = newIssue(stage);
    const { commentId } = await project(issue);
    expect(await project(issue, { text: long, commentId })).toMatchObject({ commentId });
    expect(commentsOf(issue)[0]?.body).toContain('signalbox show');
    await project(issue, { text: 'Stage: pr', commentId });
    expect(commentsOf(issue).map(({ body }) => body)).toEqual([`Stage: pr\n${marker(issue)}`]);
  });

  test('is left out of the labels of an issue that has a hundred', async () => {
    const issue = newIssue(stage);
    for (let at = 0; at < 100; at += 1) stage.person('alice').label(issue, `label-${at}`);
    expect(await project(issue)).toMatchObject({ labels: [] });
    expect(commentsOf(issue)).toHaveLength(1);
  });
});
