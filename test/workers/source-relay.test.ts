/** The source relay as a process: real git fetches through it; bad settings end it with a clear error before it listens. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type GitHubSimulator, startGitHub } from '../../simulator/github/server.ts';
import { SettingsError } from '../../src/config/settings-error.ts';
import { ensureMirror, fetchRef } from '../../src/git/mirror.ts';
import { reservePorts } from '../../src/local/ports.ts';
import { runSourceRelay } from '../../src/workers/source-relay.ts';
import { until } from '../support/until.ts';

const PASSWORD = 'password-of-the-relay';
let dir = '';
let github: GitHubSimulator;
let port = 0;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'signalbox-relay-'));
  github = await startGitHub({
    dataDir: join(dir, 'github'),
    users: [{ login: 'bot', token: 'of-the-relay' }],
  });
  for (const name of ['cards', 'other'])
    await github.admin.createRepository({
      owner: 'acme',
      name,
      roles: { bot: 'read' },
      files: { 'a.js': 'one\n' },
    });
  [port = 0] = await reservePorts([{ port: 0, what: 'the relay', setting: 'SIGNALBOX_SOURCE_LISTEN' }]);
});
afterAll(async () => {
  await github.close();
  rmSync(dir, { recursive: true });
});

const settings = (more: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> => ({
  SIGNALBOX_LOG_LEVEL: 'silent',
  SIGNALBOX_SOURCE_LISTEN: `127.0.0.1:${port}`,
  SIGNALBOX_SOURCE_TOKEN: PASSWORD,
  SIGNALBOX_REPOSITORIES: 'acme/cards',
  GITHUB_API_URL: github.apiUrl,
  GITHUB_TOKEN: 'of-the-relay',
  ...more,
});

test('git fetches a named repository with the password alone, until the process is stopped', async () => {
  const stop = new AbortController();
  const ended = runSourceRelay(settings(), stop.signal);
  const url = `http://127.0.0.1:${port}`;
  await until('the relay answers', () =>
    fetch(url).then(
      () => true,
      () => undefined,
    ),
  );
  const mirror = await ensureMirror({ root: join(dir, 'mirrors'), key: '1' });
  const fetched = (name: string, password: string): Promise<string | undefined> =>
    fetchRef({
      mirror,
      remote: { url: `${url}/acme/${name}.git`, token: () => Promise.resolve(password) },
      ref: 'refs/heads/main',
    });
  expect(await fetched('cards', PASSWORD)).toMatch(/^[0-9a-f]{40}$/);
  await expect(fetched('other', PASSWORD)).rejects.toThrow();
  await expect(fetched('cards', 'of-the-relay')).rejects.toThrow();
  stop.abort();
  expect(await ended).toBe(0);
});

test.each([
  ['no address', { SIGNALBOX_SOURCE_LISTEN: '' }, /SIGNALBOX_SOURCE_LISTEN is not set\. Fix: /],
  [
    'an address without a port',
    { SIGNALBOX_SOURCE_LISTEN: 'localhost' },
    /SIGNALBOX_SOURCE_LISTEN: must be host:port/,
  ],
  [
    'an address of another host',
    { SIGNALBOX_SOURCE_LISTEN: '192.0.2.1:1' },
    /is not an address of this host\. Fix: /,
  ],
  ['no password', { SIGNALBOX_SOURCE_TOKEN: '' }, /SIGNALBOX_SOURCE_TOKEN is not set\. Fix: /],
  ['a short password', { SIGNALBOX_SOURCE_TOKEN: 'short' }, /shorter than 16 characters\. Fix: /],
  ['no repository', { SIGNALBOX_REPOSITORIES: '' }, /no repository is set\. Fix: /],
  [
    'plain http to another host',
    { GITHUB_API_URL: 'http://github.invalid/api/v3' },
    /GITHUB_API_URL must start with https:.* Fix: /,
  ],
  ['no credential', { GITHUB_TOKEN: '' }, /no GitHub credential\. Fix: /],
  ['a credential that GitHub refuses', { GITHUB_TOKEN: 'wrong' }, /does not accept the credential.* Fix: /],
])('%s', async (_name, more, problem) => {
  const ended = runSourceRelay(settings(more), AbortSignal.abort());
  await expect(ended).rejects.toThrow(SettingsError);
  await expect(ended).rejects.toThrow(problem);
});

test('an address that is in use', async () => {
  const other = createServer();
  await new Promise<void>(resolve => other.listen(port, '127.0.0.1', resolve));
  try {
    await expect(runSourceRelay(settings(), AbortSignal.abort())).rejects.toThrow(/is in use\. Fix: /);
  } finally {
    other.close();
  }
});
