/**
 * Suggestions of reviews: a look tells them apart if the policy asks, and they become a change of their own, which is exactly
 * what the reviewer wrote, or nothing.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { withSuggestions } from '../../../src/activities/scheduler/apply-suggestions.ts';
import { loadManifest, loadSuggestions, putCanonical } from '../../../src/activities/stored.ts';
import type { LookInput } from '../../../src/contracts/activities.ts';
import { LINE_COMMENTS_MAX } from '../../../src/contracts/bounds.ts';
import type { ChangeEntry } from '../../../src/contracts/change-manifest.ts';
import { manifestText } from '../../../src/contracts/manifest-text.ts';
import type { Digest } from '../../../src/domain/digest.ts';
import type { ObservedLines } from '../../../src/domain/observation.ts';
import type { SuggestedEdit } from '../../../src/domain/suggestion.ts';
import { type BranchScene, openedBranch } from '../support/foreign.ts';
import { factOf } from '../support/perform.ts';
import { type SchedulerStage, stageScheduler } from '../support/stage.ts';

let stage: SchedulerStage;
let scene: BranchScene;
beforeAll(async () => void (stage = await stageScheduler()));
afterAll(() => stage.end());
beforeEach(async () => void (scene = await openedBranch(stage)));

const PATH = 'src/card.js';
const block = (text: string): string => `\`\`\`suggestion\r\n${text}\r\n\`\`\``;
const COMMENT = { path: PATH, line: 1, body: block('export const card = 3;') };

async function suggestedIn(
  more: Partial<LookInput>,
  review: Parameters<ReturnType<SchedulerStage['person']>['reviewLines']>[1],
): Promise<ObservedLines['suggested']> {
  await stage.person('alice').reviewLines(scene.number, review);
  const { pullRequest } = await factOf(stage.activities.look, {
    ...{ context: stage.context(scene.issue), facets: ['pull-request'], pullRequest: scene.number },
    ...{ commentsReadTo: 0, reviewsSeen: 0, ...more },
  });
  const [found] = pullRequest?.reviews ?? [];
  expect(found?.lines?.total).toBe(review.comments.length);
  return found?.lines?.suggested;
}

describe('a look', () => {
  test('stores what a review suggests, with its commit and the account of its author', async () => {
    const found = await suggestedIn({ suggestions: true }, { state: 'COMMENTED', comments: [COMMENT] });
    expect(found).toMatchObject({ count: 1, commit: scene.ours, authorId: expect.any(Number) });
    if (found === undefined || 'problem' in found) throw new Error('no suggestions');
    expect(await loadSuggestions(stage.artifacts, found.edits)).toEqual({
      version: 1,
      edits: [{ path: PATH, from: 1, to: 1, text: 'export const card = 3;\n' }],
    });
  });

  test('leaves them alone unless it is asked for them', async () => {
    expect(await suggestedIn({}, { state: 'COMMENTED', comments: [COMMENT] })).toBeUndefined();
  });

  test('has no reason where nothing is suggested', async () => {
    const comments = [{ ...COMMENT, body: 'why?' }];
    expect(await suggestedIn({ suggestions: true }, { state: 'COMMENTED', comments })).toBeUndefined();
  });

  test.each([
    ['a comment with words', [COMMENT, { ...COMMENT, body: 'why?' }], 'other words'],
    ['a deleted line', [{ ...COMMENT, side: 'LEFT' as const }], 'deleted lines'],
    [
      'more than a review may have',
      Array.from({ length: LINE_COMMENTS_MAX + 1 }, () => COMMENT),
      'more than',
    ],
  ])('says why it cannot be applied: %s', async (_what, comments, problem) => {
    const found = await suggestedIn({ suggestions: true }, { state: 'CHANGES_REQUESTED', comments });
    expect(found).toEqual({ problem: expect.stringContaining(problem) });
  });

  test('does not take a suggestion on an older head', async () => {
    const alice = stage.person('alice');
    const { id } = await alice.reviewLines(scene.number, { state: 'PENDING', comments: [COMMENT] });
    await alice.pushCommit({ branch: scene.branch, message: 'm', files: { [PATH]: 'other\n' } });
    alice.submitReview(scene.number, id, 'COMMENTED');
    const { pullRequest } = await factOf(stage.activities.look, {
      ...{ context: stage.context(scene.issue), facets: ['pull-request'], pullRequest: scene.number },
      ...{ commentsReadTo: 0, reviewsSeen: 0, suggestions: true },
    });
    expect(pullRequest?.reviews[0]?.lines?.suggested).toEqual({
      problem: `a comment is on lines of ${PATH} that have changed since`,
    });
  });
});

const file = (path: string, text: string | Buffer, mode: '100644' | '100755' = '100644'): ChangeEntry => ({
  path,
  mode,
  bytes: Buffer.from(text),
});
const edit = (path: string, [from, to]: readonly [number, number], text: string): SuggestedEdit => ({
  ...{ path, from, to, text },
});

async function apply(entries: readonly ChangeEntry[], ...reviews: readonly (readonly SuggestedEdit[])[]) {
  const manifest = await stage.artifacts.put(manifestText(entries), 'application/octet-stream');
  const suggestions: Digest[] = [];
  for (const edits of reviews)
    suggestions.push(await putCanonical(stage.artifacts, { version: 1, edits: [...edits] }));
  const effect = { kind: 'apply-suggestions', runId: 'g1-a2', attempt: 2, manifest, suggestions } as const;
  return await factOf(stage.activities.applySuggestions, { context: stage.context(scene.issue), effect });
}

describe('applying', () => {
  test('changes the files of the run below, of all reviews, and nothing else', async () => {
    const gone: ChangeEntry = { path: 'src/old.js', mode: 'deleted' };
    const entries = [file(PATH, 'a\nb\nc\n', '100755'), file('src/z.js', 'z'), gone, file('src/x', 'x\n')];
    const fact = await apply(
      entries,
      [edit(PATH, [2, 2], 'B\nB\n'), edit('src/z.js', [1, 1], 'Z\n')],
      [edit(PATH, [3, 3], '')],
    );
    if (fact.type !== 'suggestions-applied') throw new Error(JSON.stringify(fact));
    const manifest = await loadManifest(stage.artifacts, fact.manifest);
    if ('problem' in manifest) throw new Error(manifest.problem);
    const shown = manifest.entries.map(one => [
      one.path,
      one.mode,
      'bytes' in one ? one.bytes.toString() : null,
    ]);
    expect(shown).toEqual([
      [PATH, '100755', 'a\nB\nB\n'],
      ['src/old.js', 'deleted', null],
      ['src/x', '100644', 'x\n'],
      ['src/z.js', '100644', 'Z'],
    ]);
  });

  test('is the same again', async () => {
    const entries = [file(PATH, 'a\n')];
    const edits = [edit(PATH, [1, 1], 'A\n')];
    expect(await apply(entries, edits)).toEqual(await apply(entries, edits));
  });

  test('an overlap between two reviews is refused as a whole', async () => {
    const fact = await apply([file(PATH, 'a\n')], [edit(PATH, [1, 1], 'A\n')], [edit(PATH, [1, 1], 'B\n')]);
    expect(fact).toMatchObject({
      type: 'suggestions-refused',
      reason: `two suggestions are for line 1 of ${PATH}`,
    });
  });

  const bytes = Buffer.from([0x61, 0xff, 0x0a]);
  test.each([
    ['a file that the change does not have', [file(PATH, 'a\n')], 'src/other.js', 'leaves no file'],
    ['a deleted file', [{ path: PATH, mode: 'deleted' as const }], PATH, 'leaves no file'],
    ['a file that is no text', [file(PATH, bytes)], PATH, 'is not text in UTF-8'],
    ['a path with a form of another one', [file(PATH, 'a\n')], './src/card.js', 'leaves no file'],
  ])('%s is refused', (...[, entries, path, problem]) => {
    expect(withSuggestions(entries, [edit(path, [1, 1], 'A\n')])).toEqual({
      problem: expect.stringContaining(problem),
    });
  });

  test('a byte order mark stays', () => {
    const after = withSuggestions([file(PATH, '\ufeffa\n')], [edit(PATH, [1, 1], '\ufeffb\n')]);
    expect(after).toMatchObject({ entries: [{ bytes: Buffer.from('\ufeffb\n') }] });
  });
});
