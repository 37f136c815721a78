/** The credential reaches only the server: never argv, environment, files or errors. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Mirror } from '../../src/git/mirror.ts';
import { ensureMirror, fetchRef } from '../../src/git/mirror.ts';
import type { GitRemote } from '../../src/git/remote.ts';
import { remoteProblem } from '../../src/git/remote.ts';
import type { GitHttp } from '../support/git-http.ts';
import { startGitHttp } from '../support/git-http.ts';
import { commitFiles, scratchDir, seedRepository } from '../support/git-repos.ts';
import { until } from '../support/until.ts';

const token = `ghs_${'Canary7Token'.repeat(4)}`;
const scratch = scratchDir();
const served = join(scratch.dir, 'served');
let server: GitHttp;
let remote: GitRemote;
let mirror: Mirror;

beforeAll(async () => {
  seedRepository(served, 'acme/app', { 'a.txt': 'one\n' });
  server = await startGitHttp(served, token);
  remote = { url: server.url('acme/app'), token: async () => token };
  mirror = await ensureMirror({ root: join(scratch.dir, 'mirrors'), key: '1' });
});

afterAll(async () => {
  await server.close();
  scratch.remove();
});

interface SeenProcess {
  readonly pid: string;
  readonly argv: string;
  readonly environment: string;
}

/** All git processes that use this mirror. */
function gitProcesses(gitDir: string): SeenProcess[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(pid => {
      try {
        const argv = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        const environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
        return environment.includes(gitDir) ? [{ pid, argv, environment }] : [];
      } catch {
        return []; // has exited, or belongs to another user
      }
    });
}

function filesBelow(dir: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
}

test('no process shows the token during a fetch, and the server receives it', async () => {
  const held = server.holdNext('/git-upload-pack');
  const fetching = fetchRef({ mirror, remote, ref: 'refs/heads/main' });
  await held.arrived;
  const seen = gitProcesses(mirror.gitDir);
  held.release();
  await fetching;
  expect(server.credentials).toContain(`x-access-token:${token}`);
  expect(seen.map(one => one.argv.split('\0')[0])).toEqual(
    expect.arrayContaining(['git', '/usr/lib/git-core/git-remote-http']),
  );
  for (const { argv, environment } of seen) {
    for (const form of [token, Buffer.from(`x-access-token:${token}`).toString('base64')]) {
      expect(argv).not.toContain(form);
      expect(environment).not.toContain(form);
    }
    // Positive control: the probe can read these processes.
    expect(environment).toContain('GIT_TERMINAL_PROMPT=0');
  }
  expect(filesBelow(mirror.root).some(content => content.includes(token))).toBe(false);
});

test("a git process does not inherit Signalbox's environment", async () => {
  process.env['GIT_EXTRA_CANARY'] = 'from-the-host';
  const held = server.holdNext('/info/refs');
  const fetching = fetchRef({ mirror, remote, ref: 'refs/heads/main' });
  await held.arrived;
  const seen = gitProcesses(mirror.gitDir);
  held.release();
  await fetching;
  delete process.env['GIT_EXTRA_CANARY'];
  expect(seen.length).toBeGreaterThan(0);
  for (const { environment } of seen) expect(environment).not.toContain('from-the-host');
});

test('a fetch that is cancelled or times out leaves no process', async () => {
  const held = server.holdNext('/git-upload-pack');
  commitFiles(join(served, 'acme/app.git'), { ref: 'refs/heads/other', files: { 'b.txt': 'b' } });
  const stop = new AbortController();
  const fetching = fetchRef({ mirror, remote, ref: 'refs/heads/other', signal: stop.signal });
  await held.arrived;
  expect(gitProcesses(mirror.gitDir).length).toBeGreaterThan(0);
  stop.abort();
  await expect(fetching).rejects.toMatchObject({ kind: 'cancelled' });
  const slow = server.holdNext('/git-upload-pack');
  await expect(fetchRef({ mirror, remote, ref: 'refs/heads/other', timeoutMs: 600 })).rejects.toMatchObject({
    kind: 'timeout',
  });
  await expectNoProcess();
  held.release();
  slow.release();
});

async function expectNoProcess(): Promise<void> {
  await until('every git process has exited', () => gitProcesses(mirror.gitDir).length === 0 || undefined);
}

test('a refused credential is an auth error that does not contain the credential', async () => {
  const wrong = 'ghs_wrongCanary000000000000000000000000';
  const error: unknown = await fetchRef({
    mirror,
    remote: { ...remote, token: async () => wrong },
    ref: 'refs/heads/main',
  }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ kind: 'auth' });
  expect(String(error)).not.toContain(wrong);
  expect(server.credentials.at(-1)).toBe(`x-access-token:${wrong}`); // positive control: it was sent
});

test('the credential does not follow a redirect', async () => {
  server.failNext('/info/refs', 'redirect');
  await expect(fetchRef({ mirror, remote, ref: 'refs/heads/main' })).rejects.toMatchObject({
    name: 'GitError',
  });
});

test('an unreachable server and a server error both fail as network errors', async () => {
  server.failNext('/git-upload-pack', 'execute-then-500');
  commitFiles(join(served, 'acme/app.git'), { ref: 'refs/heads/third', files: { 'c.txt': 'c' } });
  await expect(fetchRef({ mirror, remote, ref: 'refs/heads/third' })).rejects.toMatchObject({
    kind: 'network',
  });
  await expect(
    fetchRef({ mirror, remote: { url: 'http://127.0.0.1:1/x.git' }, ref: 'HEAD' }),
  ).rejects.toMatchObject({ kind: 'network' });
  expect(await fetchRef({ mirror, remote, ref: 'refs/heads/third' })).toMatch(/^[0-9a-f]{40}$/);
});

test.each([
  ['https://github.com/a/b.git', undefined],
  ['http://127.0.0.1:8080/a/b.git', undefined],
  ['http://git.example.org/a/b.git', 'plain http'],
  ['https://x-access-token:abc@github.com/a/b.git', 'credential'],
  ['file:///srv/a.git', 'only https'],
  ['ext::sh -c id', 'only https'],
  ['ssh://git@github.com/a/b.git', 'credential'],
  ['git@github.com:a/b.git', 'not a URL'],
  ['--upload-pack=id', 'not a URL'],
])('the problem of the remote %s is: %s', (url, problem) => {
  if (problem === undefined) expect(remoteProblem({ url })).toBeUndefined();
  else expect(remoteProblem({ url })).toContain(problem);
});

test('plain http to another host is allowed only by the policy', () => {
  expect(remoteProblem({ url: 'http://git.example.org/a/b.git', allowHttp: true })).toBeUndefined();
});
