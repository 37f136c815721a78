/** `doctor`: each prerequisite with what was found and how to fix it; exit code 1 when a required one is missing. */
import { mkdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { doctorCommand } from '../../../src/client/cli/commands/doctor.ts';
import type { HostCheck } from '../../../src/client/cli/host-check.ts';
import { pollersOf } from '../../../src/client/temporal/queues.ts';
import { RUNNER_QUEUE, SCHEDULER_QUEUE } from '../../../src/contracts/names.ts';
import { needs } from '../../../src/github/access.ts';
import { until } from '../../support/until.ts';
import { cli, expectOneLine, jsonOf, type Ran, type Scene } from './support/cli.ts';
import { REPOSITORY } from './support/github.ts';
import { type CliStage, openCliStage } from './support/scene.ts';

let stage: CliStage;
beforeAll(async () => {
  stage = await openCliStage(0);
}, 120_000);
afterAll(async () => stage.end());

const WELL: readonly HostCheck[] = [{ name: 'Node', ok: true, found: '20' }];

interface Check extends HostCheck {
  readonly required: boolean;
}

const doctor = (args: readonly string[], scene: Scene, host = WELL): Promise<Ran> =>
  cli(['doctor', ...args], { ...scene, extraCommands: [doctorCommand(() => Promise.resolve(host))] });
const checksOf = (ran: Ran): readonly Check[] => (jsonOf(ran) as { checks: Check[] }).checks;
const named = (ran: Ran, name: string): Check | undefined => checksOf(ran).find(check => check.name === name);
const set = (values: Readonly<Record<string, string>> = {}) => ({
  environment: { ...stage.environment, ...stage.github.as('alice'), ...values },
});

test('without any setup it exits with 1, and every failed check has a fix', async () => {
  const environment = { TEMPORAL_CONFIG_FILE: '/nonexistent', GITHUB_API_URL: 'http://127.0.0.1:1' };
  const address = { TEMPORAL_ADDRESS: '127.0.0.1:1', SIGNALBOX_DATA_DIR: '/nonexistent' };
  const ran = await doctor(['--json'], { environment: { ...environment, ...address } });
  expect(ran.code).toBe(1);
  const failed = checksOf(ran).filter(check => !check.ok);
  expect(failed.map(({ name, required }) => [name, required])).toEqual([
    ['Temporal', true],
    ['GitHub', true],
    ['clock', false],
    ['model key', false],
    ['model gateway process', false],
  ]);
  for (const { fix } of failed) expect(fix?.length).toBeGreaterThan(10);
  expectOneLine(ran, /2 of 6 checks failed/);
});

test('with a complete setup it exits with 0 and lists identity, permissions, policy, clock and search attributes', async () => {
  const ran = await doctor([REPOSITORY, '--json'], set());
  expect(jsonOf(ran)).toMatchObject({ ok: true });
  expect(ran.code).toBe(0);
  const ok = checksOf(ran).filter(check => check.ok);
  const permissions = needs.map(
    ({ permission, access }) => `${REPOSITORY}: permission ${permission}: ${access}`,
  );
  expect(ok.map(({ name }) => name)).toEqual([
    ...['Node', 'Temporal', 'search attributes', 'GitHub', ...permissions, `${REPOSITORY}: policy`, 'clock'],
  ]);
  expect(named(ran, 'GitHub')?.found).toBe(`${stage.github.simulator.apiUrl}, as alice`);
  expect(named(ran, 'clock')?.found).toBe("in sync with GitHub's");
});

test('the text output has one line per check, and a warning does not fail it', async () => {
  const ran = await doctor([REPOSITORY], set());
  expect(ran).toMatchObject({ code: 0, stderr: 'all required checks passed\n' });
  expect(ran.stdout).toMatch(/^ok {4}Node: 20$/m);
  expect(ran.stdout).toMatch(
    /^warn {2}scheduler: not running\n {6}start one with `signalbox up` or `signalbox worker scheduler`/m,
  );
});

test('a missing permission is reported with its purpose and its fix', async () => {
  const most = Object.fromEntries(needs.map(({ permission, access }) => [permission, access]));
  const permissions = { ...most, issues: 'read' as const };
  stage.github.simulator.admin.addToken({ token: 'issues-read', login: 'alice', permissions });
  const ran = await doctor([REPOSITORY, '--json'], set({ GITHUB_TOKEN: 'issues-read' }));
  expect(ran.code).toBe(1);
  expect(checksOf(ran).filter(check => !check.ok && check.required)).toEqual([
    {
      ...{ name: `${REPOSITORY}: permission issues: write`, ok: false, required: true },
      found: 'missing; needed for labels, the status comment and closing the issue',
      fix: expect.stringContaining('"Issues: Read and write"'),
    },
  ]);
});

test('checks the repositories of the settings when none is named, and reports missing access and a missing policy', async () => {
  await stage.github.simulator.admin.createRepository({ owner: 'Acme', name: 'bare', files: { a: 'a' } });
  stage.github.simulator.admin.repositories.setRole('Acme/bare', 'alice', 'write');
  const ran = await doctor(['--json'], set({ SIGNALBOX_REPOSITORIES: 'Acme/bare,Acme/nothing' }));
  expect(ran.code).toBe(1);
  expect(named(ran, 'Acme/bare: policy')).toMatchObject({ ok: false, fix: expect.stringContaining('init') });
  expect(named(ran, 'Acme/nothing: access')).toMatchObject({
    ok: false,
    fix: expect.stringContaining('name'),
  });
});

test('a namespace without our search attributes fails with the command that adds all of them', async () => {
  const namespace = 'bare';
  const { workflowService } = stage.temporal.connection;
  const seconds = 86_400 as never;
  await workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: { seconds } });
  const check = await until('the namespace exists', async () => {
    const ran = await doctor(['--json'], set({ TEMPORAL_NAMESPACE: namespace }));
    return named(ran, 'search attributes');
  });
  expect(check).toMatchObject({ ok: false, required: true });
  expect(check.fix).toMatch(
    /^temporal operator search-attribute create --namespace bare .*--name Attempt --type Int/,
  );
});

test('a clock that differs by more than a credential allows fails with its direction', async () => {
  const ran = await doctor(['--json'], { ...set(), now: () => Date.now() + 3 * 60_000 });
  expect(ran.code).toBe(1);
  expect(named(ran, 'clock')).toMatchObject({ ok: false, found: "3 min ahead of GitHub's" });
  const tolerable = await doctor(['--json'], { ...set(), now: () => Date.now() - 10_000 });
  expect(named(tolerable, 'clock')).toMatchObject({ ok: true, found: "10 s behind GitHub's" });
});

test('a failed check of the host fails the command', async () => {
  const fix = 'allow user namespaces';
  const ran = await doctor([], set(), [{ name: 'box', ok: false, found: 'no user namespaces', fix }]);
  expect(ran.code).toBe(1);
  expect(ran.stdout).toMatch(/^fail {2}box: no user namespaces\n {6}allow user namespaces$/m);
});

test('running workers and a model gateway are found', async () => {
  const stop = await stage.startWorkers();
  const socket = `/tmp/signalbox-doctor-${process.pid}`;
  mkdirSync(socket);
  const gateway = createServer().listen(`${socket}/control.sock`);
  try {
    await until('the server lists both', async () => {
      const known = [
        await pollersOf(stage.temporal, { queue: SCHEDULER_QUEUE, kind: 'workflow' }),
        await pollersOf(stage.temporal, { queue: RUNNER_QUEUE, kind: 'activity' }),
      ];
      return known.every(pollers => pollers.length > 0) || undefined;
    });
    const ran = await doctor(['--json'], set({ SIGNALBOX_MODEL_GATEWAY_DIR: socket }));
    expect(named(ran, 'scheduler')).toMatchObject({ ok: true, found: expect.stringMatching(/^\d+@/) });
    expect(named(ran, 'runner')).toMatchObject({ ok: true });
    expect(named(ran, 'model gateway process')).toMatchObject({ ok: true });
  } finally {
    gateway.close();
    rmSync(socket, { recursive: true });
    await stop();
  }
});
