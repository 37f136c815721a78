/** Fetching the base into a mirror: a transient failure is retried, a permanent one has a name. */
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { repositoryName } from '../../support/github.ts';
import { planOf } from '../support/changes.ts';
import { perform } from '../support/perform.ts';
import { stageScheduler, type SchedulerStage } from '../support/stage.ts';

let stage: SchedulerStage;
let clean: unknown;
beforeAll(async () => {
  stage = await stageScheduler();
  clean = (await build()).ended;
});
afterAll(() => stage.end());
beforeEach(() => rm(stage.mirrorsDir, { recursive: true, force: true }));

const build = async (activities = stage.activities, base = stage.repository.head) => {
  const plan = await planOf(stage, { 'src/card.js': 'export const card = 2;\n' });
  const effect = { kind: 'build-change' as const, ...plan, base };
  return await perform(activities.buildChange, { context: stage.context(1), effect });
};
const fetches = () => stage.simulator.requests.count({ path: 'git-upload-pack' });

test('a fetch happens once; afterwards the mirror has the commit', async () => {
  const before = fetches();
  expect(clean).toMatchObject({ fact: { type: 'change-built' } });
  expect((await build()).ended).toEqual(clean);
  expect(fetches()).toBeGreaterThan(before);
  const between = fetches();
  await build();
  expect(fetches()).toBe(between);
});

describe.each(['git-info-refs', 'git-upload-pack'])('a fetch with a fault at %s', path => {
  test.each(['fail-before', 'reset-before', 'execute-then-500', 'cut-body', 'html-200'] as const)(
    'is retried after %s, with the same commit as result',
    async kind => {
      // Twice, because libcurl resends once on its own on a reused connection.
      const fault = stage.simulator.admin.faults.add({ kind, path, times: 2 });
      const { ended, repeated } = await build();
      fault.remove();
      expect(ended).toEqual(clean);
      for (const { failure } of repeated) expect(failure).toMatch(/^Git:(network|failed|absent)$/);
      expect(fault.hits()).toBeGreaterThan(0);
    },
  );
});

describe('a fetch fails permanently', () => {
  test('when the repository was renamed', async () => {
    const { repositories } = stage.simulator.admin;
    repositories.rename(repositoryName, 'playing-cards');
    const { ended } = await build();
    repositories.rename('acme/playing-cards', 'cards');
    expect(ended).toMatchObject({ failure: 'GitHubMoved' });
  });

  test('when the repository is not visible', async () => {
    const context = stage.context(1);
    const cloneUrl = stage.repository.cloneUrl.replace('cards', 'nothing');
    const plan = await planOf(stage, { 'src/card.js': 'export const card = 2;\n' });
    const repository = { ...stage.repository, cloneUrl };
    const { ended } = await perform(stage.activities.buildChange, {
      context: { ...context, repository },
      effect: { kind: 'build-change', ...plan },
    });
    expect(ended).toMatchObject({ failure: 'GitHubNotFound' });
  });

  test('when the token is not valid', async () => {
    expect((await build(stage.withToken('revoked'))).ended).toMatchObject({ failure: 'GitHubForbidden' });
  });

  test('when GitHub does not have the base commit', async () => {
    expect((await build(stage.activities, 'f'.repeat(40))).ended).toMatchObject({
      failure: 'GitHubNotFound',
    });
  });
});
