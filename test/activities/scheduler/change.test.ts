/** Building the change: the same bytes always produce the same commit, and a refusal is a result, not a failure. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { digestOf } from '../../../src/domain/digest.ts';
import { buildOnce, manifestOf, planOf, type ChangedFiles } from '../support/changes.ts';
import { perform } from '../support/perform.ts';
import { stageScheduler, type SchedulerStage } from '../support/stage.ts';

let stage: SchedulerStage;
beforeAll(async () => void (stage = await stageScheduler()));
afterAll(() => stage.end());

const textOf = async (digest: Parameters<SchedulerStage['artifacts']['get']>[0]) =>
  Buffer.from(await stage.artifacts.get(digest, 1024 * 1024)).toString('utf8');
const build = async (files: ChangedFiles, more = {}) => {
  const effect = { kind: 'build-change' as const, ...(await planOf(stage, files)), ...more };
  return (await perform(stage.activities.buildChange, { context: stage.context(1), effect })).ended;
};

/** Each as long as a path can be. */
const longNames = (count: number): ChangedFiles =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `src/${`${index}`.padEnd(200, 'x')}${`/${'y'.repeat(199)}`.repeat(3)}`,
      '',
    ]),
  );

describe('building a change', () => {
  test('produces one commit for the same bytes, and pushes nothing', async () => {
    const files = { 'src/card.js': 'export const card = 2;\n', 'test/card.test.js': '// test\n' };
    const { change } = await buildOnce(stage, files);
    expect(change).toMatchObject({
      files: [
        { path: 'src/card.js', status: 'modified' },
        { path: 'test/card.test.js', status: 'added' },
      ],
      protectedPaths: [],
    });
    expect(await textOf(change.diff)).toContain('+export const card = 2;');
    expect((await buildOnce(stage, files)).change).toEqual(change);
    expect(stage.simulator.requests.count({ path: 'git-receive-pack' })).toBe(0);
  });

  test('allows many long names (positive control)', async () => {
    expect(await build(longNames(200))).toMatchObject({ fact: { type: 'change-built' } });
  });

  test('refuses the entire change for one file outside the allowed paths', async () => {
    expect(await build({ 'src/card.js': 'ok\n', 'package.json': '{}\n' })).toMatchObject({
      fact: { type: 'change-refused', refusals: [{ path: 'package.json' }] },
    });
  });

  test.each([
    ['an unchanged tree', async () => manifestOf({ 'src/card.js': 'export const card = 1;\n' }), /empty/],
    ['a manifest without files', async () => manifestOf({}), /the change contains no files/],
    ['a truncated manifest', async () => manifestOf({ 'src/a.js': 'a\n' }).subarray(0, 40), /truncated/],
    [
      'names that are too long together',
      async () => manifestOf(longNames(700)),
      /names of the changed files/,
    ],
    ['text instead of a manifest', async () => Buffer.from('All done!\n'), /header/],
  ] as const)('refuses %s', async (_, bytes, reason) => {
    const manifest = await stage.artifacts.put(await bytes(), 'application/octet-stream');
    expect(await build({}, { manifest })).toMatchObject({
      fact: { type: 'change-refused', refusals: [{ reason: expect.stringMatching(reason) }] },
    });
  });

  test('is ArtifactMissing when the manifest or the policy is missing in the store', async () => {
    const nothing = digestOf('nothing');
    expect(await build({}, { manifest: nothing })).toMatchObject({ failure: 'ArtifactMissing' });
    const effect = { kind: 'build-change' as const, ...(await planOf(stage, { 'src/a.js': 'a\n' })) };
    const context = { ...stage.context(1), policy: nothing };
    expect((await perform(stage.activities.buildChange, { context, effect })).ended).toMatchObject({
      failure: 'ArtifactMissing',
    });
  });
});

describe('when the default branch has moved on', () => {
  const files = { 'src/card.js': 'export const card = 3;\n', 'src/deck/suit.js': 'export const suit = 1;\n' };
  const movedBy = async (others: Readonly<Record<string, string>>): Promise<string> => {
    const { defaultBranch: branch } = stage.repository;
    return await stage.person('line-bot').pushCommit({ branch, message: 'Meanwhile', files: others });
  };
  const buildOn = async (base: string, from: string) => await build(files, { base, from });

  test('the same bytes are built on it, and the changes of others remain', async () => {
    const from = stage.repository.head;
    const base = await movedBy({ 'src/other.js': 'export const other = 1;\n' });
    const ended = await buildOn(base, from);
    expect(ended).toMatchObject({
      fact: {
        type: 'change-built',
        change: {
          base,
          files: [
            { path: 'src/card.js', status: 'modified' },
            { path: 'src/deck/suit.js', status: 'added' },
          ],
        },
      },
    });
    const { change: before } = await buildOnce(stage, files);
    expect(ended).not.toMatchObject({ fact: { change: { commit: before.commit } } });
    expect(before).not.toHaveProperty('base');
  });

  test.each([
    ['a file of the change', 'src/card.js'],
    ['a file where the change needs a folder', 'src/deck'],
  ])('the change is outdated if others have changed %s', async (_, path) => {
    const from = stage.repository.head;
    const base = await movedBy({ [path]: '// of others\n' });
    expect(await buildOn(base, from)).toMatchObject({
      fact: {
        type: 'change-outdated',
        runId: 'run-1',
        base,
        paths: expect.arrayContaining([expect.stringContaining(path)]),
      },
    });
  });
});
