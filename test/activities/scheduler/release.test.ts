/** Checking the release: only what runs there now, contains the merge and answers its probes speaks for it. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { policyText, stageScheduler, type SchedulerStage } from '../support/stage.ts';
import { factOf, perform } from '../support/perform.ts';
import { testFaults } from '../support/sweep.ts';

let stage: SchedulerStage;
let merge: string;
let later: string;
beforeAll(async () => {
  stage = await stageScheduler();
  merge = await commit('merge');
  later = await commit('later');
});
afterAll(() => stage.end());

const commit = async (message: string, branch = 'main') =>
  await stage.person('acme').pushCommit({ branch, message, files: { [`${message}.txt`]: `${message}\n` } });
const input = (into = 'main', of = merge) => ({
  context: stage.context(1),
  effect: { kind: 'check-release' as const, merge: of, into },
});
const check = async (...about: Parameters<typeof input>) =>
  (await factOf(stage.activities.checkRelease, input(...about))).release;
const deploy = async (sha: string, state?: string) =>
  await stage
    .person('acme')
    .deploy({ environment: 'production', sha, ...(state === undefined ? {} : { state }) });

describe('a release', () => {
  test('has nothing to speak for it before the first deployment', async () => {
    expect(await check()).toEqual({ onDefaultBranch: true, deployment: null, probes: [] });
  });

  test.each([
    [undefined, 'pending'],
    ['queued', 'pending'],
    ['in_progress', 'pending'],
    ['success', 'success'],
    ['failure', 'failure'],
    ['error', 'failure'],
    ['inactive', 'pending'],
  ] as const)('whose deployment says %s is %s', async (said, state) => {
    await deploy(later, said);
    expect(await check()).toMatchObject({ deployment: { state, containsMerge: true } });
  });

  test('is not spoken for by the success of an older deployment', async () => {
    await deploy(merge, 'success');
    await deploy(later, 'in_progress');
    expect(await check()).toMatchObject({ deployment: { state: 'pending' } });
  });

  test('is not spoken for by a deployment without the merge', async () => {
    await deploy(stage.repository.head, 'success');
    expect(await check()).toMatchObject({ deployment: { state: 'success', containsMerge: false } });
    const aside = await stage.person('acme').pushCommit({
      ...{ branch: 'aside', message: 'aside', files: { 'aside.txt': 'a\n' } },
      parent: stage.repository.head,
    });
    await deploy(aside, 'success');
    expect(await check()).toMatchObject({ deployment: { containsMerge: false } });
    await deploy(merge, 'success');
    expect(await check()).toMatchObject({ deployment: { state: 'success', containsMerge: true } });
  });

  test('is not spoken for by another environment', async () => {
    await deploy(later, 'failure');
    await stage.person('acme').deploy({ environment: 'staging', sha: later, state: 'success' });
    expect(await check()).toMatchObject({ deployment: { state: 'failure' } });
  });

  test('that was taken off the default branch is not on it', async () => {
    const aside = await commit('off', 'off');
    expect(await check('main', aside)).toMatchObject({ onDefaultBranch: false });
    expect(await check('off', aside)).toMatchObject({ onDefaultBranch: true });
  });

  test('of a commit that GitHub does not know is GitHubNotFound', async () => {
    const { ended } = await perform(stage.activities.checkRelease, input('main', 'f'.repeat(40)));
    expect(ended).toMatchObject({ failure: 'GitHubNotFound' });
  });
});

describe('the probes', () => {
  let server: Server;
  let probed: SchedulerStage;
  beforeAll(async () => {
    server = createServer((request, response) => {
      if (request.url === '/moved') response.writeHead(302, { location: '/ok' });
      else response.writeHead(request.url === '/ok' ? 200 : 500);
      response.end('page');
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const probes = `[${['ok', 'broken', 'moved'].map(path => `'${at}/${path}'`).join(', ')}]`;
    probed = await stageScheduler({
      policy: policyText.replace('environment: production', `environment: production, probes: ${probes}`),
    });
  });
  afterAll(async () => {
    await probed.end();
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
  });

  const probeNow = async () => {
    const { head } = probed.repository;
    const effect = { kind: 'check-release' as const, merge: head, into: 'main' };
    return (await factOf(probed.activities.checkRelease, { context: probed.context(1), effect })).release
      .probes;
  };

  test('pass with a 2xx of the very address; an error and a redirect do not, and fail nothing else', async () => {
    expect(await probeNow()).toMatchObject([
      { ok: true, found: 'status 200' },
      { ok: false, found: 'status 500' },
      { ok: false },
    ]);
  });

  test('that nobody answers are not ok', async () => {
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
    expect((await probeNow()).map(({ ok }) => ok)).toEqual([false, false, false]);
  });
});

testFaults({
  effect: 'check-release',
  stage: () => stage,
  arrange: async () => {
    await deploy(later, 'success');
    const timeless = async () => {
      const performed = await perform(stage.activities.checkRelease, input());
      if (!('fact' in performed.ended)) return performed;
      const { release } = performed.ended.fact;
      return {
        ...performed,
        ended: { fact: { ...release, deployment: { ...release.deployment, since: 0 } } },
      };
    };
    return { perform: timeless, remains: async () => undefined };
  },
});
