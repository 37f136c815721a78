/** What reviewers said becomes feedback: one piece for each thread, with its place and diff; bounded, without secrets. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { reviewFeedback, threadFeedback } from '../../../src/activities/runner/review-feedback.ts';
import { putCanonical, putReview } from '../../../src/activities/stored.ts';
import { createLocalDirectoryStore } from '../../../src/artifacts/local-directory.ts';
import type { ArtifactStore } from '../../../src/artifacts/port.ts';
import { fakeToken } from '../../git/corpus.ts';
import { omit } from '../../../src/domain/omit.ts';
import type { LineComment, ReviewLines } from '../../../src/contracts/review-lines.ts';

let store: ArtifactStore;
let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'signalbox-review-'));
  store = createLocalDirectoryStore({ directory: dir });
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const comment = (thread: number, part: Partial<LineComment> = {}): LineComment => ({
  thread,
  path: 'src/card.js',
  lines: { from: 3, to: 4, side: 'RIGHT' },
  hunk: '@@ -1 +1 @@\n+card',
  words: 'name it',
  ...part,
});
const said = (by: string, ...comments: readonly LineComment[]): ReviewLines => ({
  version: 1,
  by,
  comments: [...comments],
  more: 0,
});

const effect = {
  ...({
    kind: 'run-agent',
    runId: 'g1-a2',
    attempt: 2,
    mode: 'guarded',
    lessons: [],
    costUsdMax: 1,
  } as const),
  inputs: { subject: 'sha256:s', policy: 'sha256:p', base: 'a'.repeat(40) } as const,
};

test('texts of reviews come first, then threads', async () => {
  const body = await putReview(store, 'rename it');
  const lines = await putCanonical(store, said('ben', comment(41)));
  const found = await reviewFeedback(store, {
    ...effect,
    feedback: lines,
    reviews: [
      { by: 'ben', lines },
      { by: 'ann', body },
    ],
  });
  expect(found).toMatchObject([
    { source: 'review', from: 'ann', text: 'rename it', path: null, line: null },
    { source: 'review', from: 'ben', path: 'src/card.js', line: 4 },
  ]);
});

test('of a single review with a text, that text', async () => {
  const feedback = await putReview(store, 'rename it');
  expect(await reviewFeedback(store, { ...effect, feedback })).toMatchObject([
    { from: 'reviewer', text: 'rename it' },
  ]);
  expect(await reviewFeedback(store, effect)).toEqual([]);
});

describe('a thread', () => {
  test('has the diff and the words of all, oldest first', () => {
    const [piece, ...others] = threadFeedback([
      said('ben', comment(41)),
      said('ann', comment(41, { words: 'or drop it' })),
    ]);
    expect(others).toEqual([]);
    expect(piece?.from).toBe('ben, ann');
    expect(piece?.text).toBe(
      'About lines 3 to 4 of the file as the change left it.\n\nThe diff there:\n@@ -1 +1 @@\n+card\n\nben: name it\n\nann: or drop it',
    );
  });

  test.each<readonly [string, Partial<LineComment>, string]>([
    [
      'one line',
      { lines: { from: 4, to: 4, side: 'RIGHT' } },
      'About line 4 of the file as the change left it.',
    ],
    ['removed lines', { lines: { from: 4, to: 4, side: 'LEFT' } }, 'as it was before the change.'],
  ])('on %s says so', (_what, part, text) => {
    expect(threadFeedback([said('ben', comment(41, part))])[0]?.text).toContain(text);
  });

  test('on a whole file has no line', () => {
    const whole = omit(comment(41, { hunk: '' }), 'lines');
    expect(threadFeedback([said('ben', whole)])[0]).toMatchObject({
      ...{ line: null, text: 'About the whole file.\n\nben: name it' },
    });
  });

  test('is cut in the middle if it is too long, and hides secrets', () => {
    const token = fakeToken;
    const words = `first ${token} ${'x'.repeat(60_000)} last`;
    const [piece] = threadFeedback([said('ben', comment(41, { words }))]);
    expect(piece?.text.length).toBeLessThan(41_000);
    const has = ['ben: first', ' last', token].map(one => piece?.text.includes(one));
    expect(has).toEqual([true, true, false]);
  });
});

test('what is left out is named', () => {
  const many = Array.from({ length: 70 }, (_, at) => comment(100 + at));
  const found = threadFeedback([{ ...said('ben', ...many), more: 7 }]);
  expect(found).toHaveLength(61);
  expect(found.at(-1)).toMatchObject({
    from: 'scheduler',
    text: 'Not shown here: 7 more comments of ben, 10 earlier threads.',
  });
  expect(found[0]?.text).toContain('ben');
});

test('why suggestions were not applied comes with their threads, without secrets', async () => {
  const lines = await putCanonical(store, said('ben', comment(41, { words: '```suggestion\nx\n```' })));
  const unsuggested = `a comment is on the whole file ${fakeToken}`;
  const reviews = [{ by: 'ben', lines, unsuggested }];
  const [note, thread, ...more] = await reviewFeedback(store, { ...effect, feedback: lines, reviews });
  expect(more).toEqual([]);
  expect(note).toMatchObject({ source: 'review', from: 'scheduler', path: null });
  expect(note?.text).toMatch(
    /^The suggestions of ben were not applied: a comment is on the whole file .*\.$/,
  );
  expect(note?.text).not.toContain(fakeToken);
  expect(thread?.text).toContain('```suggestion\nx\n```');
});
