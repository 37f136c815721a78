/** A decision posted as a comment: what the person is told when the answer does not come. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '../../../support/until.ts';
import { REPOSITORY } from '../support/github.ts';
import { proxyTo } from '../support/proxy.ts';
import { type CliStage, openCliStage } from '../support/scene.ts';

const ONE = 'Acme/profile#1';

let stage: CliStage;
let stop: () => Promise<void>;
beforeAll(async () => {
  stage = await openCliStage(1);
  stop = await stage.startWorkers();
  await stage.askAs('alice', ['start', ONE]);
  await stage.atGate(ONE, 'start');
}, 120_000);
afterAll(async () => {
  await stop();
  await stage.end();
});

test('a comment that was posted before Temporal went away exits with 4, says so, and takes effect later', async () => {
  const proxy = await proxyTo(stage.environment['TEMPORAL_ADDRESS'] ?? '');
  const stopWatching = stage.github.simulator.onExchange(({ method, path }) => {
    if (method === 'POST' && path.endsWith('/issues/1/comments')) proxy.cut();
  });
  const ran = await stage.ask(['assign-release-owner', ONE, '@alice'], {
    environment: { ...stage.github.as('alice'), TEMPORAL_ADDRESS: proxy.address },
  });
  stopWatching();
  expect(ran.code).toBe(4);
  expect(ran.stderr).toContain('posted the comment /assign-release-owner @alice as alice\n');
  expect(ran.stderr).toMatch(
    /: the comment is posted, and takes effect when a scheduler reads it; cannot reach Temporal at \S+\. Fix: start it with /,
  );
  await stage.ask(['reconcile', REPOSITORY]);
  await until('read later', async () =>
    (await stage.viewOf(ONE))?.releaseOwner === 'alice' ? true : undefined,
  );
});
