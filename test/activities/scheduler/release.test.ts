/** Checking the release: the newest deployment, whether it contains the merge, and the probes. */
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
  test('has no deployment before the first one', async () => {
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
  ] as const)('with the deployment state %s is %s', async (said, state) => {
    await deploy(later, said);
    expect(await check()).toMatchObject({ deployment: { state, containsMerge: true } });
  });

  test('ignores the success of an older deployment', async () => {
    await deploy(merge, 'success');
    await deploy(later, 'in_progress');
    expect(await check()).toMatchObject({ deployment: { state: 'pending' } });
  });

  test('does not count a deployment without the merge as containing it', async () => {
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

  test('ignores deployments to another environment', async () => {
    await deploy(later, 'failure');
    await stage.person('acme').deploy({ environment: 'staging', sha: later, state: 'success' });
    expect(await check()).toMatchObject({ deployment: { state: 'failure' } });
  });

  test('whose merge is not on the default branch is reported so', async () => {
    const aside = await commit('off', 'off');
    expect(await check('main', aside)).toMatchObject({ onDefaultBranch: false });
    expect(await check('off', aside)).toMatchObject({ onDefaultBranch: true });
  });

  test('is GitHubNotFound when GitHub does not know the commit', async () => {
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

  test('pass only with a 2xx of the exact URL; an error or a redirect fails that probe alone', async () => {
    expect(await probeNow()).toMatchObject([
      { ok: true, found: 'status 200' },
      { ok: false, found: 'status 500' },
      { ok: false },
    ]);
  });

  test('fail when no server answers', async () => {
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
