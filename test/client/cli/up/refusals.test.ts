/** What `up` refuses: with one line and its fix, the documented exit code, and nothing started or left. */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { openOutside, type Outside, SECRETS, workFolder } from './support/outside.ts';
import { isAlive, workingIn } from './support/family.ts';
import { endAll, start } from './support/program.ts';

let outside: Outside;
let taken: Server;
let takenPort: number;

beforeAll(async () => {
  outside = await openOutside();
  taken = createServer();
  await new Promise<void>(resolve => taken.listen(0, '127.0.0.1', resolve));
  takenPort = (taken.address() as AddressInfo).port;
});
afterEach(async () => {
  await endAll();
  await rm(workFolder(outside), { recursive: true, force: true });
});
afterAll(async () => {
  taken.close();
  await outside.end();
});

type Values = Readonly<Record<string, string>>;
type Expected = readonly [code: number, says: RegExp];
type Case = readonly [what: string, expected: Expected, values: () => Values];

/** A port on which nothing listens. */
const unusedAddress = '127.0.0.1:9';

const CASES: readonly Case[] = [
  ['no GitHub credential', [2, /no GitHub credential. Fix: set GITHUB_TOKEN/], () => ({ GITHUB_TOKEN: '' })],
  [
    'no model key',
    [2, /no model key is set. Fix: set SIGNALBOX_MODEL_KEY/],
    () => ({ SIGNALBOX_MODEL_KEY: '' }),
  ],
  [
    'a missing model key file',
    [2, /cannot read SIGNALBOX_MODEL_KEY_FILE/],
    () => ({ SIGNALBOX_MODEL_KEY: '', SIGNALBOX_MODEL_KEY_FILE: '/none' }),
  ],
  ['no repository', [2, /--repo owner\/repo/], () => ({ SIGNALBOX_REPOSITORIES: '' })],
  ['a malformed repository name', [2, /not owner\/repo/], () => ({ SIGNALBOX_REPOSITORIES: 'acme' })],
  ['an invalid port', [2, /SIGNALBOX_TEMPORAL_PORT/], () => ({ SIGNALBOX_TEMPORAL_PORT: '70000' })],
  [
    'an http URL of GitHub',
    [2, /GITHUB_API_URL.*https/],
    () => ({ GITHUB_API_URL: 'http://ghes.example/api/v3' }),
  ],
  [
    'an http URL of the model',
    [1, /model gateway: SIGNALBOX_MODEL_BASE_URL: must use https/],
    () => ({ SIGNALBOX_MODEL_BASE_URL: 'http://model.example/v1' }),
  ],
  ['an invalid GitHub token', [1, /credential/], () => ({ GITHUB_TOKEN: 'ghp_unknown' })],
  [
    'a token without a permission',
    [1, /permission .*missing.*Write/],
    () => ({ GITHUB_TOKEN: 'reads-only' }),
  ],
  [
    'a repository without policy',
    [1, /no \.github\/signalbox\.yml.*signalbox init acme\/bare/],
    () => ({ SIGNALBOX_REPOSITORIES: 'acme/bare' }),
  ],
  [
    'an unknown repository',
    [3, /acme\/none.*does not exist.*check the name/],
    () => ({ SIGNALBOX_REPOSITORIES: 'acme/none' }),
  ],
  ['an unreachable GitHub', [4, /GitHub/], () => ({ GITHUB_API_URL: `http://${unusedAddress}/api/v3` })],
  [
    'an unreachable Temporal',
    [4, /cannot reach Temporal at 127\.0\.0\.1:9.*unset TEMPORAL_ADDRESS/],
    () => ({ TEMPORAL_ADDRESS: unusedAddress }),
  ],
  [
    'a broken Temporal CLI',
    [4, /cannot use SIGNALBOX_TEMPORAL_CLI/],
    () => ({ SIGNALBOX_TEMPORAL_CLI: '/bin/false' }),
  ],
  [
    "Temporal's port in use",
    [1, /port \d+ for Temporal is in use.*SIGNALBOX_TEMPORAL_PORT/],
    () => ({ SIGNALBOX_TEMPORAL_PORT: String(takenPort) }),
  ],
  [
    "the Web UI's port in use",
    [1, /Web UI is in use.*SIGNALBOX_TEMPORAL_UI_PORT/],
    () => ({ SIGNALBOX_TEMPORAL_UI_PORT: String(takenPort) }),
  ],
  [
    'the port for webhooks in use',
    [1, /webhooks is in use.*SIGNALBOX_GATEWAY_PORT/],
    () => ({ SIGNALBOX_WEBHOOK_SECRET: 's', SIGNALBOX_GATEWAY_PORT: String(takenPort) }),
  ],
];

async function refused(args: readonly string[], [code, says]: Expected, values: Values): Promise<string> {
  const folder = workFolder(outside);
  const given = Object.entries({ ...outside.values, ...values }).filter(([, value]) => value !== '');
  const running = start({ folder, args, values: Object.fromEntries(given) });
  expect(await running.exit).toBe(code);
  expect(running.said()).toMatch(says);
  expect(running.said()).not.toMatch(/\n\s+at |Error:/);
  for (const secret of Object.values(SECRETS)) expect(running.said()).not.toContain(secret);
  expect(running.printed()).toBe('');
  expect([...running.family().filter(isAlive), ...workingIn(folder)]).toEqual([]);
  for (const left of ['up.lock', 'settings.json'])
    expect(existsSync(join(folder, '.signalbox', left))).toBe(false);
  return running.said();
}

test.each(CASES)(
  '%s is refused',
  async (_what, expected, values) => {
    const said = await refused(['up'], expected, values());
    expect(said.split('\n').filter(line => line.startsWith('signalbox: '))).toHaveLength(1);
  },
  30_000,
);

test.each([
  ['a folder', (data: string): unknown => mkdirSync(data, { mode: 0o755 })],
  ['a link', (data: string): unknown => symlinkSync('/tmp', data)],
])('%s that a checkout brought in the place of the state is refused', async (_what, make) => {
  const data = join(workFolder(outside), '.signalbox', 'data');
  mkdirSync(dirname(data), { recursive: true });
  make(data);
  await refused(['up'], [1, /\.signalbox\/data is not as Signalbox makes it.*Fix: remove it/], {});
  expect(readdirSync(dirname(data))).toEqual(['data']);
});

test('a malformed repository in --repo is refused', async () => {
  await refused(['up', '--repo', 'acme'], [2, /Use owner\/repo/], {});
});
