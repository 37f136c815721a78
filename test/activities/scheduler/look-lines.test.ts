/** A look reads comments on lines: grouped by review, each once, in any order of submission, and only when there may be news. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { LookInput } from '../../../src/contracts/activities.ts';
import {
  LINE_COMMENT_CHARS_MAX,
  LINE_COMMENTS_MAX,
  LOOK_REVIEWS_MAX,
} from '../../../src/contracts/bounds.ts';
import { loadReviewLines } from '../../../src/activities/stored.ts';
import type { Observation } from '../../../src/domain/observation.ts';
import { repositoryName } from '../../support/github.ts';
import { openedBranch, type BranchScene } from '../support/foreign.ts';
import { factOf, perform } from '../support/perform.ts';
import { stageScheduler, type SchedulerStage } from '../support/stage.ts';

let stage: SchedulerStage;
let scene: BranchScene;
beforeAll(async () => void (stage = await stageScheduler()));
afterAll(() => stage.end());
beforeEach(async () => {
  scene = await openedBranch(stage);
  stage.simulator.requests.reset();
});

const PATH = 'src/card.js';
const commentsPath = '/repos/{owner}/{repo}/pulls/{pull_number}/comments';
const rolePath = '/repos/{owner}/{repo}/collaborators/{username}/permission';
const asked = () => stage.simulator.requests.count({ path: commentsPath });

const input = (more: Partial<LookInput> = {}): LookInput => ({
  ...{ context: stage.context(scene.issue), facets: ['pull-request'], pullRequest: scene.number },
  ...{ commentsReadTo: 0, reviewsSeen: 0, ...more },
});
const look = (more: Partial<LookInput> = {}): Promise<Observation> =>
  factOf(stage.activities.look, input(more));

/** What the workflow hands to the next look. */
const after = ({ lines, pullRequest }: Observation): Partial<LookInput> => {
  const judged = (pullRequest?.reviews ?? []).map(({ reviewId }) => reviewId);
  const times = (pullRequest?.reviews ?? []).map(({ submittedAt = 0 }) => submittedAt);
  return {
    ...{ reviewsSeen: Math.max(0, ...judged), reviewsJudged: judged, reviewsReadTo: Math.max(0, ...times) },
    ...(lines === undefined ? {} : { linesRead: lines.readTo }),
  };
};
const wordsOf = async ({ pullRequest }: Observation) =>
  await Promise.all(
    (pullRequest?.reviews ?? []).flatMap(({ lines }) =>
      lines === undefined ? [] : [loadReviewLines(stage.artifacts, lines.words)],
    ),
  );

test('without comments on lines they cost no request', async () => {
  stage.person('alice').review(scene.number, 'CHANGES_REQUESTED', { body: 'rename it' });
  const found = await look();
  expect(found.pullRequest?.reviews).toHaveLength(1);
  expect(found.lines).toBeUndefined();
  expect(asked()).toBe(0);
});

test('a review with several of them is one, with path, lines, diff and words; it is read once', async () => {
  const alice = stage.person('alice');
  const review = await alice.reviewLines(scene.number, {
    state: 'CHANGES_REQUESTED',
    comments: [
      { path: PATH, line: 1, body: 'name it better' },
      { path: PATH, body: 'split this file' },
      { path: PATH, line: 1, side: 'LEFT', body: 'why was this changed?' },
    ],
  });
  const found = await look();
  const [one, ...others] = found.pullRequest?.reviews ?? [];
  expect(others).toEqual([]);
  expect(one).toMatchObject({
    ...{ reviewId: review.id, state: 'changes-requested', empty: true, commit: scene.ours },
    lines: { total: 3 },
  });
  expect(one?.lines?.threads).toHaveLength(3);
  const [words] = await wordsOf(found);
  expect(words).toMatchObject({
    by: 'alice',
    more: 0,
    comments: [
      {
        path: PATH,
        lines: { from: 1, to: 1, side: 'RIGHT' },
        hunk: expect.stringMatching(/^@@ .*\n.*\+export const card = 2;$/s),
        words: 'name it better',
      },
      { path: PATH, hunk: '', words: 'split this file' },
      { lines: { side: 'LEFT' } },
    ],
  });
  expect(words?.comments[1]).not.toHaveProperty('lines');
  stage.simulator.requests.reset();
  const again = await look(after(found));
  expect([again.lines, again.pullRequest?.reviews, asked()]).toEqual([undefined, [], 0]);
});

test('of an outdated comment the lines are those of the commit on which it was written', async () => {
  await stage.person('alice').reviewLines(scene.number, {
    state: 'COMMENTED',
    comments: [{ path: PATH, line: 1, body: 'x' }],
  });
  const { branch } = scene;
  await stage.person('alice').pushCommit({ branch, message: 'm', files: { b: 'b\n' } });
  const found = await look();
  expect(found.pullRequest?.reviews).toMatchObject([{ commit: scene.ours, lines: { total: 1 } }]);
  expect((await wordsOf(found))[0]?.comments[0]?.lines).toEqual({ from: 1, to: 1, side: 'RIGHT' });
});

test('a review that was begun early and submitted late is read with its comments', async () => {
  const early = await stage.person('alice').reviewLines(scene.number, {
    state: 'PENDING',
    comments: [{ path: PATH, line: 1, body: 'begun early' }],
  });
  await stage.person('tina').reviewLines(scene.number, {
    state: 'COMMENTED',
    comments: [{ path: PATH, line: 1, body: 'submitted first' }],
  });
  const first = await look();
  expect((await wordsOf(first)).map(({ by }) => by)).toEqual(['tina']);
  stage.person('alice').submitReview(scene.number, early.id, 'COMMENTED');
  const second = await look(after(first));
  expect(second.pullRequest?.reviews).toMatchObject([{ reviewId: early.id, lines: { total: 1 } }]);
});

test('an answer in a thread is read as a part of it; our own answers are not', async () => {
  const alice = stage.person('alice');
  await alice.reviewLines(scene.number, {
    state: 'COMMENTED',
    comments: [{ path: PATH, line: 1, body: 'first' }],
  });
  const first = await look();
  const [mark] = first.pullRequest?.reviews[0]?.lines?.threads ?? [];
  const thread = mark?.thread ?? 0;
  stage.person('line-bot').replyInThread(scene.number, thread, 'done');
  const reply = alice.replyInThread(scene.number, thread, 'not yet');
  const second = await look(after(first));
  const said = second.pullRequest?.reviews.flatMap(({ lines }) => lines?.threads ?? []);
  expect(said).toEqual([{ thread, comment: reply.id }]);
  expect((await wordsOf(second)).flatMap(({ comments }) => comments)).toMatchObject([
    { thread, words: 'not yet' },
  ]);
});

test('an author whose role cannot be read is read again', async () => {
  await stage.person('alice').reviewLines(scene.number, {
    state: 'COMMENTED',
    comments: [{ path: PATH, line: 1, body: 'x' }],
  });
  const armed = stage.simulator.admin.faults.add({ status: 404, kind: 'fail-before', path: rolePath });
  const first = await look();
  armed.remove();
  expect(first.pullRequest?.reviews).toMatchObject([{ role: { kind: 'unreadable' }, lines: { total: 1 } }]);
  const second = await look({ ...after(first) });
  expect(second.pullRequest?.reviews).toMatchObject([{ role: { role: 'maintain' }, lines: { total: 1 } }]);
  expect((await look(after(second))).lines).toBeUndefined();
});

test('many comments are bounded: what is left out is counted, and more reviews are left to the next look', async () => {
  const alice = stage.person('alice');
  const body = 'long '.repeat(4_000);
  await alice.reviewLines(scene.number, {
    state: 'COMMENTED',
    comments: Array.from({ length: LINE_COMMENTS_MAX + 10 }, () => ({ path: PATH, line: 1, body })),
  });
  const first = await look();
  const [words] = await wordsOf(first);
  expect(words).toMatchObject({ more: 10 });
  expect(words?.comments).toHaveLength(LINE_COMMENTS_MAX);
  expect(words?.comments[0]?.words).toHaveLength(LINE_COMMENT_CHARS_MAX + 1);
  // Each answer in a thread is a review of its own.
  const [{ thread } = { thread: 0 }] = words?.comments ?? [];
  for (let at = 0; at < LOOK_REVIEWS_MAX + 5; at += 1) alice.replyInThread(scene.number, thread, `${at}`);
  const second = await look(after(first));
  expect(second.lines?.more).toBe(true);
  expect(await wordsOf(second)).toHaveLength(LOOK_REVIEWS_MAX);
  const third = await look(after(second));
  expect(third.lines?.more).toBeUndefined();
  expect((await wordsOf(third)).flatMap(({ comments }) => comments.map(({ words: text }) => text))).toEqual([
    '30',
    '31',
    '32',
    '33',
    '34',
  ]);
});

test('ten thousand comments hold the issue by name', async () => {
  const review = await stage.person('rita').reviewLines(scene.number, {
    state: 'COMMENTED',
    comments: [{ path: PATH, line: 1, body: 'x' }],
  });
  const { issues } = stage.simulator.admin.repositories.get(repositoryName);
  const comments = issues.get(scene.number)?.pull?.lineComments;
  const [one] = comments ?? [];
  if (comments === undefined || one === undefined) throw new Error(`no comments of ${review.id}`);
  for (let at = 0; at < 10_000; at += 1) comments.push({ ...one, id: 1_000_000 + at });
  expect((await perform(stage.activities.look, input())).ended).toMatchObject({
    failure: 'TooMuchToRead',
    message: expect.stringMatching(/the comments on lines of .* by rita, and there are more/),
  });
});
