/** A look at a branch with commits of others: their authors and signatures, once for each head, also with faults. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  type BranchScene,
  longBranch,
  openedBranch,
  openPolicy,
  orphan,
  pushedBy,
} from '../support/foreign.ts';
import { factOf, perform } from '../support/perform.ts';
import { testFaults } from '../support/sweep.ts';
import { stageScheduler, type SchedulerStage } from '../support/stage.ts';

let stage: SchedulerStage;
beforeAll(async () => void (stage = await stageScheduler({ policy: openPolicy })));
afterAll(() => stage.end());

const lookAt = async ({ issue, number, ours }: BranchScene, heads: readonly string[] = [ours]) =>
  await factOf(stage.activities.look, {
    ...{
      context: stage.context(issue),
      facets: ['pull-request'] as const,
      commentsReadTo: 0,
      reviewsSeen: 0,
    },
    ...{ pullRequest: number, branch: { ours, heads } },
  });

const pushed = async (
  scene: BranchScene,
  files: Readonly<Record<string, string | null>>,
  more: { readonly parent?: string; readonly onPage?: boolean } = {},
) => await pushedBy(stage, scene, { files, ...more });

const CARD = { 'src/card.js': 'export const card = 3;\n' };
const BY_ALICE = { by: 'alice', isSigned: false };

describe('a look at a pull request', () => {
  test('reads nothing of a head that we left, and costs no request for it', async () => {
    const scene = await openedBranch(stage);
    const before = stage.simulator.requests.count({ path: '/repos/{owner}/{repo}/compare/{basehead}' });
    const { pullRequest } = await lookAt(scene);
    expect(pullRequest).not.toHaveProperty('foreign');
    expect(stage.simulator.requests.count({ path: '/repos/{owner}/{repo}/compare/{basehead}' })).toBe(before);
  });

  test('reads the commits and authors of a pushed head, and only once', async () => {
    const scene = await openedBranch(stage);
    const first = await pushed(scene, CARD);
    const head = await pushed(scene, { 'test/card.test.js': '// test\n' });
    const { pullRequest } = await lookAt(scene);
    expect(pullRequest?.foreign).toEqual({
      ...{ head, total: 2, isOnOurs: true },
      commits: [
        { id: first, ...BY_ALICE },
        { id: head, ...BY_ALICE },
      ],
      authors: [{ name: 'alice', email: expect.stringMatching(/^\d+\+alice@users\.noreply\.github\.com$/) }],
    });
    expect((await lookAt(scene, [scene.ours, head])).pullRequest).not.toHaveProperty('foreign');
  });

  test('tells a committed suggestion by its signature', async () => {
    const scene = await openedBranch(stage);
    const head = await pushed(scene, CARD, { onPage: true });
    const { pullRequest } = await lookAt(scene);
    expect(pullRequest?.foreign?.commits).toEqual([{ id: head, by: 'alice', isSigned: true }]);
  });

  test('reads only the merge of “Update branch”, not what it brings of the default branch', async () => {
    const scene = await openedBranch(stage);
    await stage
      .person('acme')
      .pushCommit({ branch: 'main', message: 'other', files: { 'docs/a.md': 'a\n' } });
    const head = await stage.person('alice').updateBranch(scene.branch);
    const { pullRequest } = await lookAt(scene);
    expect(pullRequest?.foreign).toMatchObject({
      ...{ head, total: 1, isOnOurs: true },
      commits: [{ id: head, by: 'alice', isSigned: true }],
    });
  });

  test('says that the branch was replaced, also by something without a common commit', async () => {
    const scene = await openedBranch(stage);
    await pushed(scene, CARD, { parent: stage.repository.head });
    expect((await lookAt(scene)).pullRequest?.foreign).toMatchObject({ total: 1, isOnOurs: false });
    const unrelated = await orphan(stage, scene);
    expect((await lookAt(scene)).pullRequest?.foreign).toEqual({
      ...{ head: unrelated, total: 0, commits: [], authors: [], isOnOurs: false },
    });
  });

  test('counts all commits of a long branch, and reads at most 50', async () => {
    const scene = await openedBranch(stage);
    await longBranch(stage, scene, 52);
    const { pullRequest } = await lookAt(scene);
    expect(pullRequest?.foreign).toMatchObject({ total: 52, isOnOurs: true });
    expect(pullRequest?.foreign?.commits).toHaveLength(50);
  });
});

const nothingRead = { fact: { foreign: { total: 0, commits: [], isOnOurs: false } } };
testFaults({
  effect: 'look at commits of others',
  stage: () => stage,
  arrange: async () => {
    const scene = await openedBranch(stage);
    await pushed(scene, CARD);
    const nameless = async () => {
      const { issue, number, ours } = scene;
      const performed = await perform(stage.activities.look, {
        ...{
          context: stage.context(issue),
          facets: ['pull-request'] as const,
          commentsReadTo: 0,
          reviewsSeen: 0,
        },
        ...{ pullRequest: number, branch: { ours, heads: [ours] } },
      });
      const { ended } = performed;
      if (!('fact' in ended)) return performed;
      const foreign = ended.fact.pullRequest?.foreign;
      const commits = foreign?.commits.map(({ by, isSigned }) => ({ by, isSigned })) ?? [];
      const { total, isOnOurs } = foreign ?? {};
      return { ...performed, ended: { fact: { foreign: { total, commits, isOnOurs } } } };
    };
    return { perform: nameless, remains: async () => undefined };
  },
  answers: { '404 GET /repos/{owner}/{repo}/compare/{basehead}': nothingRead },
});
