/** `doctor`: each prerequisite with what was found and how to fix it; exit code 1 when a required one is missing. */
import { mkdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { doctorCommand } from '../../../src/client/cli/commands/doctor.ts';
import type { HostCheck } from '../../../src/client/cli/host-check.ts';
import { pollersOf } from '../../../src/client/temporal/queues.ts';
import { RUNNER_QUEUE, SCHEDULER_QUEUE } from '../../../src/contracts/names.ts';
import { needs } from '../../../src/github/access.ts';
import { openSshKey } from '../../git/support/open-ssh-key.ts';
import { connectProxy } from '../../support/connect-proxy.ts';
import { privateAuthority } from '../../support/private-authority.ts';
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
  cli(['doctor', ...args], {
    ...scene,
    extraCommands: { doctor: () => Promise.resolve(doctorCommand(() => Promise.resolve(host))) },
  });
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
  expectOneLine(ran, /2 of 7 checks failed/);
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
    ...[
      'Node',
      'Temporal',
      'search attributes',
      'retention',
      'worker deployments',
      'GitHub',
      ...permissions,
      `${REPOSITORY}: policy`,
      `${REPOSITORY}: rules`,
      `${REPOSITORY}: git`,
      'clock',
      'artifact store',
    ],
  ]);
  expect(named(ran, 'GitHub')?.found).toBe(`${stage.github.simulator.apiUrl}, directly, as alice`);
  expect(named(ran, 'account')).toMatchObject({
    ...{ ok: false, required: false },
    found: 'Signalbox runs as alice; what alice writes on GitHub decides nothing',
    fix: expect.stringContaining('GitHub App'),
  });
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

test('target branches that the policy names and that do not exist are named, as a warning', async () => {
  const { admin } = stage.github.simulator;
  const policy =
    'version: 1\ntarget: { branch: main, byLabel: { v1: stable/v1 }, byMilestone: { v2: stable/v2 } }\n';
  await admin.createRepository({
    ...{ owner: 'Acme', name: 'targets', files: { '.github/signalbox.yml': policy } },
    roles: { alice: 'write' },
  });
  const checked = async () =>
    named(await doctor(['Acme/targets', '--json'], set()), 'Acme/targets: target branches');
  expect(await checked()).toMatchObject({
    ...{ ok: false, required: false, found: 'missing: stable/v1, stable/v2' },
    fix: expect.stringContaining('create the branch'),
  });
  const alice = admin.as('alice', 'Acme/targets');
  for (const branch of ['stable/v1', 'stable/v2'])
    await alice.moveBranch(branch, (await alice.tip('main')) ?? '');
  expect(await checked()).toMatchObject({ ok: true, found: 'main, stable/v1, stable/v2' });
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
  expect(check.fix).toBe('run `signalbox namespace prepare`');
  const prepared = await cli(['namespace', 'prepare'], set({ TEMPORAL_NAMESPACE: namespace }));
  expect(prepared.code).toBe(0);
  const after = await doctor(['--json'], set({ TEMPORAL_NAMESPACE: namespace }));
  expect(named(after, 'search attributes')).toMatchObject({ ok: true, found: 'all present' });
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

describe('signing', () => {
  const key = openSshKey(Buffer.alloc(32, 3));
  const signing = { SIGNALBOX_SIGNING_KEY: key.privateKey, SIGNALBOX_COMMIT_EMAIL: 'alice@example.com' };

  test('a key that the account does not have on GitHub fails, with the public key to add', async () => {
    const before = named(await doctor([REPOSITORY, '--json'], set(signing)), 'signing key');
    const [kind, base64 = ''] = key.publicKey.split(' ');
    expect(before).toMatchObject({
      ok: false,
      required: true,
      fix: expect.stringContaining(`${kind} ${base64}`),
    });
    stage.github.simulator.admin.addSigningKey('alice', key.publicKey);
    const after = await doctor([REPOSITORY, '--json'], set(signing));
    expect(named(after, 'signing key')).toMatchObject({ ok: true, found: 'alice has it on GitHub' });
    expect(after.stdout + after.stderr).not.toContain(key.privateKey.split('\n')[1]);
  });

  test('a key that cannot sign fails in one line', async () => {
    const broken = { ...signing, SIGNALBOX_SIGNING_KEY: 'ssh-rsa AAAA' };
    expect(named(await doctor([REPOSITORY, '--json'], set(broken)), 'signing key')).toMatchObject({
      ok: false,
      found: expect.stringContaining('form of OpenSSH'),
      fix: expect.stringContaining('ssh-keygen -t ed25519'),
    });
  });
});

describe('the way out', () => {
  test('a proxy is named, without its password, for the API and git', async () => {
    const proxy = await connectProxy({ user: 'ann', password: 'canary' });
    const model = { SIGNALBOX_MODEL_BASE_URL: 'https://model.invalid/v1' };
    const ran = await doctor([REPOSITORY, '--json'], set({ HTTPS_PROXY: proxy.url, ...model }));
    proxy.close();
    // The simulated GitHub is on the loopback, which no proxy is asked for.
    expect(named(ran, 'GitHub')?.found).toContain(', directly, ');
    expect(named(ran, `${REPOSITORY}: git`)).toMatchObject({
      ok: true,
      found: expect.stringContaining('directly'),
    });
    expect(named(ran, 'model provider')?.found).toContain(
      `https://model.invalid, through the proxy ${new URL(proxy.url).origin}`,
    );
    expect(ran.stdout + ran.stderr).not.toContain('canary');
    expect(proxy.tunnels).toEqual(['model.invalid:443']);
  });

  test('a private authority that is not trusted is named with its setting', async () => {
    const authority = privateAuthority();
    const front = await authority.serve(Number(new URL(stage.github.simulator.url).port));
    const model = { SIGNALBOX_MODEL_BASE_URL: `${front.url}/v1` };
    const without = named(await doctor(['--json'], set(model)), 'model provider');
    expect(without).toMatchObject({ ok: false, fix: expect.stringContaining('NODE_EXTRA_CA_CERTS') });
    const trusting = { ...model, NODE_EXTRA_CA_CERTS: authority.caFile };
    const { found, ...rest } = named(await doctor(['--json'], set(trusting)), 'model provider') ?? {};
    expect({ found, ...rest }).toMatchObject({ ok: true, found: `${front.url}, directly` });
    front.close();
    authority.remove();
  });

  test.each([
    [{ HTTPS_PROXY: 'socks5://ann:canary@proxy.example:1' }, /HTTPS_PROXY/],
    [{ NODE_EXTRA_CA_CERTS: '/nonexistent/ca.pem' }, /NODE_EXTRA_CA_CERTS/],
  ])('%j is refused in one line', async (values, why) => {
    const ran = await doctor([REPOSITORY], set(values));
    expect(ran.code).not.toBe(0);
    expect(ran.stdout + ran.stderr).toMatch(why);
    expect(ran.stdout + ran.stderr).not.toContain('canary');
  });
});
