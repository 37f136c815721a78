/** `namespace prepare` on a real server: creates, completes, repeats, and refuses in one line. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connectTemporal, temporalSettings } from '../../../src/client/temporal/connection.ts';
import { startIssue } from '../../../src/client/temporal/issues.ts';
import { lookAtIssue } from '../../../src/client/temporal/look.ts';
import { SEARCH_ATTRIBUTES } from '../../../src/contracts/names.ts';
import { openStage, type Stage } from '../temporal/stage.ts';
import { cli, expectOneLine, jsonOf, type Ran } from './support/cli.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
}, 120_000);
afterAll(async () => stage.end());

const prepare = (namespace: string, ...options: string[]): Promise<Ran> =>
  cli(['--temporal-namespace', namespace, 'namespace', 'prepare', ...options], {
    environment: stage.environment,
  });

async function inNamespace<T>(name: string, work: (temporal: Stage['temporal']) => Promise<T>): Promise<T> {
  const temporal = await connectTemporal(
    temporalSettings({ ...stage.environment, TEMPORAL_NAMESPACE: name }),
  );
  try {
    return await work(temporal);
  } finally {
    await temporal.close();
  }
}

test('a missing namespace is an error until --create makes it; a second time changes nothing', async () => {
  const missing = await prepare('team-a');
  expect([missing.code, missing.stdout]).toEqual([4, '']);
  expectOneLine(missing, /namespace team-a does not exist at .* Fix: .*namespace prepare --create/);

  const created = await prepare('team-a', '--create', '--retention', '30d', '--json');
  expect(jsonOf(created)).toEqual({
    ...{ address: stage.server.address, namespace: 'team-a', created: true, retentionHours: 720 },
    added: Object.keys(SEARCH_ATTRIBUTES),
  });
  const again = await prepare('team-a', '--create', '--json');
  expect(jsonOf(again)).toMatchObject({ created: false, added: [], retentionHours: 720 });
  const text = await prepare('team-a');
  expect(text.stdout).toMatch(
    /^namespace team-a at \S+ is ready: exists; search attributes were complete; .* 720 hours\n$/,
  );
}, 60_000);

test('namespaces of one server do not see issues of each other', async () => {
  for (const name of ['staging', 'production']) expect((await prepare(name, '--create')).code).toBe(0);
  const issue = { owner: 'acme', repo: 'profile', number: 7 };
  expect(await inNamespace('staging', temporal => startIssue(temporal, issue))).toEqual({ kind: 'started' });
  expect(await inNamespace('staging', temporal => lookAtIssue(temporal, issue))).toMatchObject({
    kind: 'running',
  });
  expect(await inNamespace('production', temporal => lookAtIssue(temporal, issue))).toMatchObject({
    kind: 'unknown',
  });
}, 60_000);

describe('refuses', () => {
  test('a search attribute with another type, and adds nothing', async () => {
    await inNamespace('default', async ({ connection }) => {
      await connection.workflowService.registerNamespace({
        namespace: 'other-type',
        workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
      });
      const searchAttributes = { Stage: 1 };
      await connection.operatorService.addSearchAttributes({ namespace: 'other-type', searchAttributes });
    });
    const ran = await prepare('other-type');
    expect(ran.code).toBe(1);
    expectOneLine(
      ran,
      /Stage of namespace other-type exists, but not with the type Keyword\. Fix: .*search-attribute remove/,
    );
    const { customAttributes } = await inNamespace('other-type', ({ connection }) =>
      connection.operatorService.listSearchAttributes({ namespace: 'other-type' }),
    );
    expect(Object.keys(customAttributes)).toEqual(['Stage']);
  });

  test('a server that does not answer within the bound', async () => {
    const environment = { ...stage.environment, TEMPORAL_ADDRESS: '127.0.0.1:1' };
    const ran = await cli(['namespace', 'prepare', '--wait', '1'], { environment });
    expect(ran.code).toBe(4);
    expectOneLine(ran, /cannot reach Temporal at 127\.0\.0\.1:1/);
  });

  test.each([
    ['--retention', '10m'],
    ['--retention', 'soon'],
    ['--wait', '-1'],
  ])('%s %s as wrong usage', async (...option) => {
    expect((await prepare('default', ...option)).code).toBe(2);
  });
});
