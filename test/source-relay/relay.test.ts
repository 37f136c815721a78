/** The source relay of the runner: real git fetches through it, and no other request passes. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { execa } from 'execa';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { startSourceRelay, type SourceRelay } from '../../src/source-relay/relay.ts';
import { ensureMirror, fetchRef, type Mirror } from '../../src/git/mirror.ts';
import { startGitHttp, type GitHttp } from '../support/git-http.ts';
import { commitFiles, scratchDir, seedRepository, type Scratch } from '../support/git-repos.ts';

const token = 'the-token-that-can-write';
const password = 'good-for-this-relay';
let scratch: Scratch;
let server: GitHttp;
let relay: SourceRelay;
let mirror: Mirror;
let head: string;

beforeEach(async () => {
  scratch = scratchDir();
  head = seedRepository(join(scratch.dir, 'served', 'acme'), 'cards', { 'a.js': 'one\n' });
  server = await startGitHttp(join(scratch.dir, 'served'), token);
  const served = { cloneUrl: server.url('acme/cards'), token };
  relay = await startSourceRelay({
    fetch,
    password,
    listen: { host: '127.0.0.1', port: 0 },
    source: ({ owner, repo }) => Promise.resolve(`${owner}/${repo}` === 'acme/cards' ? served : undefined),
  });
  mirror = await ensureMirror({ root: join(scratch.dir, 'mirrors'), key: '1' });
});
afterEach(async () => {
  await relay.close();
  await server.close();
  scratch.remove();
});

const remote = (name: string, given = password) => ({
  url: `${relay.url}/${name}.git`,
  token: () => Promise.resolve(given),
});
const get = (path: string, init: RequestInit = {}) =>
  fetch(`${relay.url}${path}`, {
    headers: { authorization: `Basic ${Buffer.from(`x:${password}`).toString('base64')}` },
    ...init,
  });

test('git clones and then fetches new commits through the relay, and the server sees only the real token', async () => {
  const main = { mirror, remote: remote('acme/cards'), ref: 'refs/heads/main' };
  expect(await fetchRef(main)).toBe(head);
  const many = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`${i}.txt`, `${i}\n`.repeat(9_000)]));
  const next = commitFiles(join(scratch.dir, 'served/acme/cards.git'), {
    ref: 'refs/heads/main',
    files: many,
  });
  expect(await fetchRef(main)).toBe(next);
  expect(new Set(server.credentials)).toEqual(new Set([`x-access-token:${token}`]));
});

test('connections that other users of the host keep open do not keep git out', async () => {
  const { hostname, port } = new URL(relay.url);
  const idle = Array.from({ length: 200 }, () =>
    connect(Number(port), hostname).on('error', () => undefined),
  );
  try {
    await Promise.all(idle.map(socket => once(socket, 'connect')));
    expect(await fetchRef({ mirror, remote: remote('acme/cards'), ref: 'refs/heads/main' })).toBe(head);
  } finally {
    for (const socket of idle) socket.destroy();
  }
});

test('git gets an error for a wrong password, another repository, and a server that fails', async () => {
  const ref = 'refs/heads/main';
  await expect(fetchRef({ mirror, remote: remote('acme/cards', 'guess'), ref })).rejects.toThrow();
  expect(server.credentials).toEqual([]);
  await expect(fetchRef({ mirror, remote: remote('acme/other'), ref })).rejects.toThrow();
  server.failNext('/info/refs', 'redirect');
  expect((await get('/acme/cards.git/info/refs?service=git-upload-pack')).status).toBe(404);
  server.failNext('/info/refs', 'reset-before');
  expect((await get('/acme/cards.git/info/refs?service=git-upload-pack')).status).toBe(502);
  expect((await get('/acme/cards.git/info/refs?service=git-upload-pack')).status).toBe(200);
});

test.each([
  ['the advertisement of a push', '/acme/cards.git/info/refs?service=git-receive-pack', 'GET'],
  ['a push', '/acme/cards.git/git-receive-pack', 'POST'],
  [
    'two services at once',
    '/acme/cards.git/info/refs?service=git-upload-pack&service=git-receive-pack',
    'GET',
  ],
  ['the dumb protocol', '/acme/cards.git/HEAD', 'GET'],
  ['a path traversal', '/acme/cards.git/../../info/refs?service=git-upload-pack', 'GET'],
  ['another host', '//evil.example/acme/cards.git/info/refs?service=git-upload-pack', 'GET'],
  ['a DELETE', '/acme/cards.git/git-upload-pack', 'DELETE'],
])('%s is not forwarded', async (_what, path, method) => {
  expect([403, 404]).toContain((await get(path, { method })).status);
  expect(server.credentials).toEqual([]);
});

test('the relay refuses a push by real git that the server itself accepts', async () => {
  await fetchRef({ mirror, remote: remote('acme/cards'), ref: 'refs/heads/main' });
  const push = async (url: string, secret: string): Promise<number | undefined> => {
    const args = ['push', url.replace('//', `//x-access-token:${secret}@`), `${head}:refs/heads/x`];
    const env = { GIT_DIR: mirror.gitDir, GIT_TERMINAL_PROMPT: '0' };
    return (await execa('git', args, { env, reject: false, timeout: 10_000 })).exitCode;
  };
  expect(await push(`${relay.url}/acme/cards.git`, password)).toBe(128);
  expect(await push(server.url('acme/cards'), token)).toBe(0);
});
