/**
 * Adopting what people left on the branch: a suggestion, a push, “Update branch”. The commits are read with their authors;
 * exactly the adopted head becomes a change that is judged like any; and nothing unknown is overwritten.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readCommit } from '../../../simulator/github/git/objects.ts';
import { loadManifest } from '../../../src/activities/stored.ts';
import { adoptedMessage } from '../../../src/domain/adopted-text.ts';
import { commitMessageFor } from '../../../src/domain/pull-request-text.ts';
import { fakeToken } from '../../git/corpus.ts';
import { repositoryName } from '../../support/github.ts';
import {
  type BranchScene,
  mergeOf,
  mergeOfMany,
  openedBranch,
  openPolicy,
  orphan,
  pushedBy,
  withLink,
} from '../support/foreign.ts';
import { factOf, perform } from '../support/perform.ts';
import { stageScheduler, type SchedulerStage } from '../support/stage.ts';

let stage: SchedulerStage;
beforeAll(async () => void (stage = await stageScheduler({ policy: openPolicy })));
afterAll(() => stage.end());

const adoptInput = ({ issue, branch, ours }: BranchScene, head: string, into = stage.repository.head) => {
  const context = stage.context(issue);
  return {
    context: { ...context, repository: { ...stage.repository, head: into } },
    effect: { kind: 'adopt-commits' as const, runId: 'run-2', attempt: 2, branch, head, ours },
  };
};
const adopt = async (scene: BranchScene, head: string, into?: string) =>
  await factOf(stage.activities.adoptCommits, adoptInput(scene, head, into));

/** The files of the change that was adopted. */
async function filesOf(fact: Awaited<ReturnType<typeof adopt>>) {
  if (fact.type !== 'commits-adopted') throw new Error(JSON.stringify(fact));
  const manifest = await loadManifest(stage.artifacts, fact.manifest);
  if ('problem' in manifest) throw new Error(manifest.problem);
  return {
    base: fact.base,
    refused: manifest.refused,
    files: Object.fromEntries(
      manifest.entries.map(entry => [entry.path, entry.mode === 'deleted' ? null : entry.bytes.toString()]),
    ),
  };
}

const planOfAdopted = async (
  scene: BranchScene,
  head: string,
  { into = stage.repository.head, message = 'Adopted' } = {},
) => {
  const fact = await adopt(scene, head, into);
  if (fact.type !== 'commits-adopted') throw new Error(JSON.stringify(fact));
  const { runId, base, manifest } = fact;
  return {
    runId,
    base: into,
    ...(base === into ? {} : { from: base }),
    manifest,
    message,
    when: 1_700_000_000,
  };
};
const build = async (scene: BranchScene, head: string, into?: string) => {
  const plan = await planOfAdopted(scene, head, into === undefined ? {} : { into });
  const effect = { kind: 'build-change' as const, ...plan };
  return await factOf(stage.activities.buildChange, { context: stage.context(scene.issue), effect });
};

const pushed = async (
  scene: BranchScene,
  files: Readonly<Record<string, string | null>>,
  more: { readonly parent?: string; readonly onPage?: boolean } = {},
) => await pushedBy(stage, scene, { files, ...more });

const CARD = { 'src/card.js': 'export const card = 3;\n' };

describe('adopting', () => {
  test('takes the whole branch as the change, ours and theirs, relative to its base', async () => {
    const scene = await openedBranch(stage);
    const head = await pushed(scene, { 'test/card.test.js': '// test\n', 'README.md': null });
    expect(await filesOf(await adopt(scene, head))).toEqual({
      base: stage.repository.head,
      refused: [],
      files: {
        'README.md': null,
        'src/card.js': 'export const card = 2;\n',
        'test/card.test.js': '// test\n',
      },
    });
    expect(await adopt(scene, head)).toEqual(await adopt(scene, head));
  });

  test('follows “Update branch” to the default branch that it merged', async () => {
    const scene = await openedBranch(stage);
    const into = await stage
      .person('acme')
      .pushCommit({ branch: 'main', message: 'b', files: { 'docs/b.md': 'b\n' } });
    const head = await stage.person('alice').updateBranch(scene.branch);
    expect(await filesOf(await adopt(scene, head, into))).toMatchObject({
      base: into,
      files: { 'src/card.js': 'export const card = 2;\n' },
    });
    expect(await build(scene, head, into)).toMatchObject({
      type: 'change-built',
      change: { files: [{ path: 'src/card.js', status: 'modified' }] },
    });
  });

  test('refuses by name a branch that was replaced, has no common commit, or merged another branch', async () => {
    const refusal = (reason: RegExp) => ({
      type: 'adoption-refused',
      head: expect.stringMatching(/^[0-9a-f]{40}$/),
      reason: expect.stringMatching(reason),
    });
    const scene = await openedBranch(stage);
    const replaced = await pushed(scene, CARD, { parent: stage.repository.head });
    expect(await adopt(scene, replaced)).toEqual(refusal(/replaced/));
    expect(await adopt(scene, await orphan(stage, scene))).toEqual(refusal(/replaced/));
    const other = await openedBranch(stage);
    const feature = await stage.person('alice').pushCommit({
      branch: `feature-${other.issue}`,
      parent: stage.repository.head,
      message: 'f',
      files: { 'src/f.js': 'f\n' },
    });
    const merge = await mergeOf(stage, other, feature);
    expect(await adopt(other, merge)).toEqual(refusal(/merges something other than the target branch/));
    const elsewhere = await openedBranch(stage);
    const theirs = await pushed(elsewhere, CARD);
    const unrelated = await orphan(stage, await openedBranch(stage));
    expect(await adopt(elsewhere, theirs, unrelated)).toEqual(refusal(/made for another branch/));
    const octopus = await openedBranch(stage);
    expect(await adopt(octopus, await mergeOfMany(stage, octopus, 9))).toEqual(
      refusal(/merges something other/),
    );
    expect(await adopt(other, 'e'.repeat(40))).toEqual(refusal(/does not have this commit/));
  });

  test('allows the merge that a pull makes of two pushes on top of ours (positive control)', async () => {
    const scene = await openedBranch(stage);
    const theirs = await pushed(scene, { 'src/a.js': 'a\n' });
    const local = await stage.person('alice').pushCommit({
      branch: `local-${scene.issue}`,
      parent: scene.ours,
      message: 'l',
      files: { 'src/l.js': 'l\n' },
    });
    await stage.person('alice').moveBranch(scene.branch, theirs);
    const { files } = await filesOf(await adopt(scene, await mergeOf(stage, scene, local)));
    expect(Object.keys(files).sort()).toEqual(['src/a.js', 'src/card.js', 'src/l.js']);
  });

  test('refuses a head with the files of the default branch, and one with more files than the policy allows', async () => {
    const scene = await openedBranch(stage);
    const same = await pushed(scene, { 'src/card.js': 'export const card = 1;\n' });
    expect(await adopt(scene, same)).toMatchObject({ reason: expect.stringContaining('the same files') });
    const large = 'x'.repeat(stage.policy.change.bytesMax / 10);
    const copies = Array.from({ length: 11 }, (_, index) => [`src/${index}.txt`, large] as const);
    expect(await adopt(scene, await pushed(scene, Object.fromEntries(copies)))).toMatchObject({
      reason: expect.stringMatching(/its changed files have \d+ bytes, more than/),
    });
    const many = Object.fromEntries(
      Array.from({ length: stage.policy.change.filesMax + 1 }, (_, index) => [`src/${index}.js`, 'x\n']),
    );
    expect(await adopt(scene, await pushed(scene, many))).toMatchObject({
      reason: expect.stringMatching(/changes \d+ files, more than/),
    });
  });
});

describe('adopted files are judged like those of an agent', () => {
  test('a protected path is named for the publish gate', async () => {
    const scene = await openedBranch(stage);
    const head = await pushed(scene, { '.github/workflows/ci.yml': 'on: push\n' });
    expect(await build(scene, head)).toMatchObject({
      type: 'change-built',
      change: { protectedPaths: ['.github/workflows/ci.yml'] },
    });
  });

  test('a secret refuses them, and is repeated nowhere', async () => {
    const scene = await openedBranch(stage);
    const head = await pushed(scene, { 'src/key.js': `export const key = '${fakeToken}';\n` });
    const fact = await build(scene, head);
    expect(fact).toMatchObject({
      type: 'change-refused',
      refusals: [{ path: 'src/key.js', reason: expect.stringContaining('secret') }],
    });
    expect(JSON.stringify(fact)).not.toContain(fakeToken.slice(4));
  });

  test('a symbolic link refuses them', async () => {
    const scene = await openedBranch(stage);
    const head = await withLink(stage, scene);
    expect((await filesOf(await adopt(scene, head))).refused).toEqual([
      { path: 'src/link', reason: 'symlink' },
    ]);
    expect(await build(scene, head)).toMatchObject({
      type: 'change-refused',
      refusals: [{ path: 'src/link' }],
    });
  });
});

describe('the push of adopted commits', () => {
  const pushInput = async (scene: BranchScene, head: string, message?: string) => {
    const plan = await planOfAdopted(scene, head, message === undefined ? {} : { message });
    const fact = await factOf(stage.activities.buildChange, {
      context: stage.context(scene.issue),
      effect: { kind: 'build-change', ...plan },
    });
    if (fact.type !== 'change-built') throw new Error(JSON.stringify(fact));
    const { commit } = fact.change;
    const { branch, ours } = scene;
    return {
      context: stage.context(scene.issue),
      effect: { kind: 'push-commit' as const, ...plan, branch, commit, expected: head, ours },
    };
  };

  test('replaces exactly the adopted head by one commit of ours, which credits its authors', async () => {
    const scene = await openedBranch(stage);
    const head = await pushed(scene, CARD);
    const authors = [{ name: 'alice', email: '7+alice@users.noreply.github.com' }];
    const by = { kind: 'person', login: 'alice', how: 'github-comment' } as const;
    const commits = [{ id: head, by: 'alice', isSigned: false }];
    const adopted = { head, total: 1, commits, authors, by };
    const message = `${commitMessageFor({ title: 'Deal', issue: 'acme/cards#1', runId: 'run-2' })}${adoptedMessage(adopted)}`;
    const input = await pushInput(scene, head, message);
    expect(await factOf(stage.activities.pushCommit, input)).toEqual({
      type: 'pushed',
      commit: input.effect.commit,
    });
    expect(await stage.person('acme').tip(scene.branch)).toBe(input.effect.commit);
    const { dir } = stage.simulator.admin.repositories.get(repositoryName);
    const commit = await readCommit(dir, input.effect.commit);
    expect(commit.parents).toEqual([stage.repository.head]);
    expect(commit.message).toMatch(
      /\nContains 1 commit by alice \(head [0-9a-f]{12}\), adopted by alice\.\n/,
    );
    expect(commit.message).toMatch(/\n\nCo-authored-by: alice <\d+\+alice@users\.noreply\.github\.com>\n?$/);
  });

  test('overwrites nothing when the branch has moved on: the new head is a fact', async () => {
    const scene = await openedBranch(stage);
    const head = await pushed(scene, CARD);
    const input = await pushInput(scene, head);
    const further = await pushed(scene, { 'src/more.js': 'more\n' });
    expect(await factOf(stage.activities.pushCommit, input)).toMatchObject({
      type: 'branch-moved',
      found: { head: further, total: 2, isOnOurs: true },
    });
    expect(await stage.person('acme').tip(scene.branch)).toBe(further);
  });
});

/** The fetch of the adopted head is the only request. */
describe('reading the adopted head', () => {
  test.each([
    ['git-info-refs', { kind: 'reset-before' }],
    ['git-info-refs', { kind: 'fail-before', status: 503 }],
    ['git-upload-pack', { kind: 'cut-body' }],
    ['git-upload-pack', { kind: 'execute-then-500' }],
    ['git-upload-pack', { kind: 'execute-then-reset', times: 2 }],
  ] as const)('has the same result after a fault at %s: %j', async (path, rule) => {
    const scene = await openedBranch(stage);
    const head = await pushed(scene, { 'src/card.js': `export const card = ${scene.issue + 100};\n` });
    const armed = stage.simulator.admin.faults.add({ ...rule, path, user: 'line-bot' });
    const { ended } = await perform(stage.activities.adoptCommits, adoptInput(scene, head));
    armed.remove();
    expect(armed.hits()).toBeGreaterThan(0);
    expect(ended).toEqual({ fact: await adopt(scene, head) });
  });
});
