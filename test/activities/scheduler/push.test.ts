/** Pushing the verified commit: only that commit, only onto the branch as we left it, even when responses are lost. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { FaultRule } from '../../../simulator/github/control/faults.ts';
import { digestOf } from '../../../src/domain/digest.ts';
import { repositoryName } from '../../support/github.ts';
import { buildOnce, claimedFor, putManifest, type BuiltChange, type BuiltScene } from '../support/changes.ts';
import { perform } from '../support/perform.ts';
import { limitedToken, stageScheduler, type SchedulerStage } from '../support/stage.ts';

let stage: SchedulerStage;
let built: BuiltChange;
beforeAll(async () => {
  stage = await stageScheduler();
  built = await buildOnce(stage, { 'src/card.js': 'export const card = 2;\n' });
});
afterAll(() => stage.end());

const inputOf = ({ issue, branch, plan, change }: BuiltScene) => ({
  context: stage.context(issue),
  effect: {
    kind: 'push-commit' as const,
    ...plan,
    branch,
    commit: change.commit,
    expected: stage.repository.head,
  },
});
const push = async (scene: BuiltScene, activities = stage.activities) =>
  await perform(activities.pushCommit, inputOf(scene));
const tipOf = async ({ branch }: BuiltScene) => await stage.person('acme').tip(branch);
const pushedOf = ({ change: { commit } }: BuiltScene) => ({ fact: { type: 'pushed', commit } });
const receptions = (matcher = {}) =>
  stage.simulator.requests.count({ path: 'git-receive-pack', method: 'POST', ...matcher });

describe('pushing the verified commit', () => {
  test('moves the branch to exactly this commit, and changes nothing the second time', async () => {
    const scene = await claimedFor(stage, built);
    expect(await push(scene)).toEqual({ ended: pushedOf(scene), repeated: [] });
    expect(await tipOf(scene)).toBe(scene.change.commit);
    const before = receptions();
    expect(await push(scene)).toEqual({ ended: pushedOf(scene), repeated: [] });
    expect(await tipOf(scene)).toBe(scene.change.commit);
    expect(receptions()).toBe(before);
  });

  test('never overwrites what someone pushed to the branch', async () => {
    const scene = await claimedFor(stage, built);
    const theirs = await stage
      .person('alice')
      .pushCommit({ branch: scene.branch, message: 'mine', files: { 'a.txt': 'a\n' } });
    expect((await push(scene)).ended).toMatchObject({
      fact: {
        type: 'branch-moved',
        found: { head: theirs, total: 1, commits: [{ id: theirs, by: 'alice' }], isOnOurs: true },
      },
    });
    expect(await tipOf(scene)).toBe(theirs);
  });

  test('does not recreate a branch that someone deleted', async () => {
    const scene = await claimedFor(stage, built);
    await stage.person('alice').deleteBranch(scene.branch);
    expect((await push(scene)).ended).toMatchObject({
      failure: 'BranchMoved',
      message: expect.stringContaining('does not exist'),
    });
    expect(await tipOf(scene)).toBeUndefined();
  });

  test('returns the new head when the branch moves between its advertisement and the push', async () => {
    const scene = await claimedFor(stage, built);
    const hold = stage.simulator.admin.hold({ path: 'git-receive-pack', method: 'POST' }, 'before');
    const pushing = push(scene);
    await hold.reached;
    const theirs = await stage
      .person('alice')
      .pushCommit({ branch: scene.branch, message: 'mine', files: { 'a.txt': 'a\n' } });
    hold.release();
    expect((await pushing).ended).toMatchObject({ fact: { type: 'branch-moved', found: { head: theirs } } });
    expect(await tipOf(scene)).toBe(theirs);
  });

  test('fails with CommitDiffers when the bytes build another commit than the verified one', async () => {
    const scene = await claimedFor(stage, built);
    const manifest = await putManifest(stage, { 'src/card.js': 'export const card = "other";\n' });
    const other = { ...scene, plan: { ...scene.plan, manifest } };
    expect((await push(other)).ended).toMatchObject({
      failure: 'CommitDiffers',
      message: expect.stringContaining(scene.change.commit),
    });
    expect(await tipOf(scene)).toBe(stage.repository.head);
  });

  test('is ArtifactMissing when the store does not have the manifest', async () => {
    const scene = await claimedFor(stage, built);
    const manifest = digestOf('bytes that were never stored');
    const lost = { ...scene, plan: { ...scene.plan, manifest } };
    expect((await push(lost)).ended).toMatchObject({ failure: 'ArtifactMissing' });
  });
});

/** The push did not happen, or its outcome is unknown. The next attempt finds out, and the branch moves once. */
const passing: readonly (readonly [name: string, rule: FaultRule])[] = [
  ['a 500 after it happened', { kind: 'execute-then-500' }],
  ['a 502 after it happened', { kind: 'execute-then-502' }],
  ['a reset after it happened', { kind: 'execute-then-reset' }],
  ['two resets after it happened', { kind: 'execute-then-reset', times: 2 }],
  ['a truncated response', { kind: 'cut-body' }],
  ['a 503', { kind: 'fail-before' }],
  ['a reset', { kind: 'reset-before' }],
  ['an HTML page instead of a response', { kind: 'html-200' }],
  ['a rate limit', { kind: 'rate-limit', retryAfterSeconds: 7 }],
  ['a secondary limit without a header', { kind: 'secondary-limit', retryAfterSeconds: null }],
  ['a 429', { kind: 'fail-before', status: 429 }],
];

describe.each(['git-info-refs', 'git-receive-pack'])('a push with a fault at %s', path => {
  const possible = passing.filter(
    ([, { kind }]) => path === 'git-receive-pack' || !kind.startsWith('execute'),
  );
  test.each(possible)('moves the branch to the commit after %s', async (_, rule) => {
    const scene = await claimedFor(stage, built);
    const armed = stage.simulator.admin.faults.add({ ...rule, path, user: 'line-bot' });
    const { ended } = await push(scene);
    armed.remove();
    expect({ ended, hit: armed.hits() > 0 }).toEqual({ ended: pushedOf(scene), hit: true });
    expect(await tipOf(scene)).toBe(scene.change.commit);
  });
});

describe('a push that GitHub refuses', () => {
  test.each([401, 403])('with status %s is GitHubForbidden and moves nothing', async status => {
    const scene = await claimedFor(stage, built);
    const armed = stage.simulator.admin.faults.add({
      ...{ kind: 'fail-before', status, path: 'git-receive-pack', user: 'line-bot', times: 9 },
    });
    const { ended } = await push(scene);
    armed.remove();
    expect(ended).toMatchObject({ failure: 'GitHubForbidden' });
    expect(await tipOf(scene)).toBe(stage.repository.head);
  });

  test('because the token can only read is GitHubForbidden', async () => {
    const scene = await claimedFor(stage, built);
    const poor = stage.withToken(limitedToken(stage, { contents: 'read', issues: 'write' }));
    const { ended } = await push(scene, poor);
    expect(ended).toMatchObject({ failure: 'GitHubForbidden' });
    expect(JSON.stringify(ended)).not.toContain('limited-');
    expect(await tipOf(scene)).toBe(stage.repository.head);
    expect((await push(scene)).ended).toEqual(pushedOf(scene));
  });

  test('because the branch is protected says that the rule must not cover it', async () => {
    const scene = await claimedFor(stage, built);
    const { repositories } = stage.simulator.admin;
    repositories.protect(repositoryName, scene.branch, { refusePush: true });
    const { ended } = await push(scene);
    repositories.protect(repositoryName, scene.branch, undefined);
    expect(ended).toMatchObject({ failure: 'BranchRefused', message: expect.stringContaining('GH006') });
    expect(await tipOf(scene)).toBe(stage.repository.head);
  });

  test('because of a secret names its place, and never the address that allows it', async () => {
    const scene = await claimedFor(stage, built);
    const { repositories } = stage.simulator.admin;
    repositories.protect(repositoryName, scene.branch, {
      refusedSaying: [
        `error: GH013: Repository rule violations found for refs/heads/${scene.branch}.`,
        ...['', '- GITHUB PUSH PROTECTION', '', '    - Push cannot contain secrets', ''],
        ...['      —— Linear API Key ——————————————————————', '       locations:'],
        ...[
          '         - commit: 4f21c0d8b1a54e0f9c3d2b7a6e5f4c3d2b1a0f9e',
          '           path: src/card.js:1',
          '',
        ],
        '       https://github.com/acme/cards/security/secret-scanning/unblock-secret/2xYzAbC',
      ],
    });
    const { ended } = await push(scene);
    repositories.protect(repositoryName, scene.branch, undefined);
    expect(ended).toEqual({
      failure: 'SecretInChange',
      message: 'GitHub refused the push: Push cannot contain secrets; Linear API Key at src/card.js:1',
    });
  });

  test('because the repository is archived says so', async () => {
    const scene = await claimedFor(stage, built);
    const { repositories } = stage.simulator.admin;
    repositories.archive(repositoryName);
    const { ended } = await push(scene);
    repositories.archive(repositoryName, false);
    expect(ended).toMatchObject({ failure: 'RepositoryReadOnly' });
    expect((await push(scene)).ended).toEqual(pushedOf(scene));
  });
});
