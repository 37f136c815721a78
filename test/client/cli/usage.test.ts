/** What the program says before it reaches a server: help, wrong usage, invalid settings, no connection. */
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { COMMANDS } from '../../../src/client/cli/commands.ts';
import { type CommandName, SUMMARIES } from '../../../src/client/cli/summaries.ts';
import { cli, expectOneLine } from './support/cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'signalbox-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Port 1 on loopback: nothing listens there. */
const NOWHERE = { TEMPORAL_ADDRESS: '127.0.0.1:1', TEMPORAL_CONFIG_FILE: '/nonexistent.toml' };

describe('usage', () => {
  test('help goes to stdout and names every command and the exit codes', async () => {
    const { code, stdout, stderr } = await cli(['--help']);
    expect([code, stderr]).toEqual([0, '']);
    const named = ['start', 'list', 'show', 'explain', 'watch', 'approve', 'reject', 'escalate', 'retry'];
    for (const name of [...named, 'evidence', 'audit', 'logs', 'scan', 'contract', 'policy'])
      expect(stdout).toMatch(new RegExp(`^  ${name}\\b`, 'm'));
    expect(stdout).toContain('5 the state has changed');
  });

  test.each(Object.keys(COMMANDS) as readonly CommandName[])(
    '%s says what the help of all says',
    async name => {
      const [all, own] = [await cli(['--help']), await cli([name, '--help'])];
      expect(own.code).toBe(0);
      for (const { stdout } of [all, own]) expect(stdout.replace(/\s+/g, ' ')).toContain(SUMMARIES[name]);
    },
  );

  test.each([
    [['namespace', 'prepare'], '(default: 72h)'],
    [['artifacts', 'prune'], '(default: 30d)'],
  ])('the help of %j shows its default as a person types it', async (words, shown) => {
    const { code, stdout } = await cli([...words, '--help']);
    expect(code).toBe(0);
    expect(stdout.replace(/\s+/g, ' ')).toContain(shown);
  });

  test.each([
    ['no command', []],
    ['an unknown command', ['frobnicate']],
    ['an unknown flag', ['list', '--nope']],
    ['a missing argument', ['show']],
    ['a missing reason', ['reject', 'acme/profile#1']],
    ['a missing answer', ['answer', 'acme/profile#1']],
    ['a reason that is too long', ['retry', 'acme/profile#1', '--reason', 'x'.repeat(2_001)]],
    ['an issue and a repository together', ['watch', 'acme/profile#1', '--repo', 'acme/profile']],
    ['an unknown stage', ['list', '--stage', 'nowhere']],
    ['an unknown gate', ['approve', 'acme/profile#1', '--gate', 'front']],
    ['a digest that is too short', ['approve', 'acme/profile#1', '--digest', 'abc']],
    ['an unknown mode', ['set-mode', 'acme/profile#1', 'wild']],
    ['a malformed login', ['assign-release-owner', 'acme/profile#1', 'not a login']],
    ['a count of zero', ['list', '--limit', '0']],
  ])('%s is wrong usage', async (_what, args) => {
    const { code, stdout, stderr } = await cli(args, { environment: NOWHERE });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr.length).toBeGreaterThan(0);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  test.each([
    '12',
    'acme#12',
    'acme/profile#0',
    'acme/profile/12',
    'https://github.com/acme/profile/pull/12',
  ])('the malformed issue %s is wrong usage, with the right form', async name => {
    const { code, stderr } = await cli(['show', name], { environment: NOWHERE });
    expect(code).toBe(2);
    expect(stderr).toContain('owner/repo#12');
  });
});

const ISSUE = 'acme/profile#1';
const ASKING: readonly (readonly string[])[] = [
  ['list'],
  ['scan', 'acme/profile'],
  ...['start', 'show', 'explain', 'audit', 'evidence', 'logs', 'retry', 'pause'].map(name => [name, ISSUE]),
  ['approve', ISSUE, '--digest', 'abcdef012345'],
  ['reject', ISSUE, '--reason', 'no'],
  ['answer', ISSUE, '--reason', 'yes'],
];

describe('without a connection', () => {
  // In parallel, as each waits for the connection timeout.
  test('every command that needs Temporal exits with 4 and says how to start it', async () => {
    const all = ASKING.map(async args => ({ args, ran: await cli(args, { environment: NOWHERE }) }));
    for (const { args, ran } of await Promise.all(all)) {
      expect([args[0], ran.code, ran.stdout]).toEqual([args[0], 4, '']);
      expectOneLine(ran, /cannot reach Temporal at 127\.0\.0\.1:1\. Fix: .*signalbox up/);
    }
  });

  test('start exits with 4 when GitHub is unreachable, and starts nothing', async () => {
    const environment = {
      ...NOWHERE,
      GITHUB_TOKEN: 'token-canary',
      GITHUB_API_URL: 'http://127.0.0.1:1/api/v3',
    };
    const ran = await cli(['start', 'acme/profile#1'], { environment });
    expect(ran.code).toBe(4);
    expectOneLine(ran, /GitHub/);
    expect(ran.stderr).not.toContain('token-canary');
  });

  test('an http URL of GitHub is refused, as it would send the token in clear text', async () => {
    const environment = {
      ...NOWHERE,
      GITHUB_TOKEN: 'token-canary',
      GITHUB_API_URL: 'http://github.test/api/v3',
    };
    const ran = await cli(['start', 'acme/profile#1'], { environment });
    expect(ran.code).toBe(2);
    expectOneLine(ran, /https:\/\//);
    expect(ran.stderr).not.toContain('token-canary');
  });

  test('an invalid settings file is named', async () => {
    mkdirSync(join(folder, '.signalbox'), { recursive: true, mode: 0o700 });
    writeFileSync(join(folder, '.signalbox', 'settings.json'), '{"half', { mode: 0o600 });
    const ran = await cli(['list'], { environment: NOWHERE, workingDirectory: folder });
    expect(ran.code).toBe(2);
    expectOneLine(ran, /cannot use .*settings\.json: .*Fix: .*remove the file/);
  });
});
