/** Every result kind of a push, against a real server. */
import { join } from 'node:path';
import { writeFileSync, mkdirSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Mirror } from '../../src/git/mirror.ts';
import { ensureMirror, fetchRef } from '../../src/git/mirror.ts';
import type { PushCommitInput } from '../../src/git/push.ts';
import { pushCommit } from '../../src/git/push.ts';
import type { BuiltCommit } from '../../src/git/quarantine.ts';
import { buildCommit } from '../../src/git/quarantine.ts';
import type { GitFault, GitHttp } from '../support/git-http.ts';
import { startGitHttp } from '../support/git-http.ts';
import { git, scratchDir, seedRepository, tryGit } from '../support/git-repos.ts';

const token = 'ghs_pushToken0000000000000000000000000000';
const scratch = scratchDir();
const served = join(scratch.dir, 'served');
const gitDir = join(served, 'acme/app.git');
let server: GitHttp;
let mirror: Mirror;
let base: string;
let built: BuiltCommit;
let branch: string;
let counter = 0;

beforeAll(async () => {
  base = seedRepository(served, 'acme/app', { 'a.txt': 'one\n' });
  server = await startGitHttp(served, token);
  mirror = await ensureMirror({ root: join(scratch.dir, 'mirrors'), key: '1' });
  await fetchRef({ mirror, remote: remote(), ref: 'refs/heads/main' });
  const entries = [{ path: 'a.txt', mode: '100644' as const, bytes: Buffer.from('two\n') }];
  const result = await buildCommit({ mirror, base, entries, message: 'two', when: new Date(0) });
  if (result.kind === 'refused') throw new Error('refused');
  built = result;
});

beforeEach(() => {
  counter += 1;
  branch = `ai/issue-${counter}`;
});

afterAll(async () => {
  await server.close();
  scratch.remove();
});

function remote(): { url: string; token: () => Promise<string> } {
  return { url: server.url('acme/app'), token: async () => token };
}

function push(
  expectedOld: string | null,
  more: Partial<PushCommitInput> = {},
): ReturnType<typeof pushCommit> {
  const quarantine = built.quarantine;
  return pushCommit({
    mirror,
    quarantine,
    remote: remote(),
    branch,
    commit: built.commit,
    expectedOld,
    ...more,
  });
}

function tip(): string {
  return tryGit(gitDir, ['rev-parse', '--verify', '-q', `refs/heads/${branch}`]);
}

function setTip(commit: string): void {
  git(gitDir, ['update-ref', `refs/heads/${branch}`, commit]);
}

test('a push moves the branch only from the expected commit; otherwise it is stale', async () => {
  const other = git(gitDir, ['commit-tree', `${base}^{tree}`, '-p', base, '-m', 'a person']);
  setTip(other);
  expect(await push(base)).toMatchObject({ kind: 'stale' });
  expect(await push(null)).toMatchObject({ kind: 'stale' });
  expect(tip()).toBe(other);
  setTip(base);
  expect(await push(base)).toMatchObject({ kind: 'pushed' });
  expect(tip()).toBe(built.commit);
});

test('a branch that already has the commit is reported as already-there, not as pushed', async () => {
  setTip(built.commit);
  expect(await push(null)).toMatchObject({ kind: 'already-there' });
  expect(await push(built.commit)).toMatchObject({ kind: 'already-there' });
});

test('a push to a deleted branch is stale when the branch was expected to exist', async () => {
  expect(await push(base)).toMatchObject({ kind: 'stale' });
  expect(tip()).toBe('');
});

test("a push that a server hook declines is refused with the server's message", async () => {
  const hook = join(gitDir, 'hooks', 'update');
  mkdirSync(join(gitDir, 'hooks'), { recursive: true });
  writeFileSync(
    hook,
    '#!/bin/sh\ncase "$1" in *ai/issue-*) echo "error: GH006: Protected branch"; exit 1;; esac\n',
    { mode: 0o755 },
  );
  const result = await push(null);
  writeFileSync(hook, '#!/bin/sh\n', { mode: 0o755 });
  expect(result.kind).toBe('refused');
  expect(result.detail).toContain('GH006: Protected branch');
  expect(await push(null)).toMatchObject({ kind: 'pushed' });
});

const lost: readonly { fault: GitFault; tail: string; moved: boolean }[] = [
  { fault: 'execute-then-reset', tail: '/git-receive-pack', moved: true },
  { fault: 'execute-then-500', tail: '/git-receive-pack', moved: true },
  { fault: 'reset-before', tail: '/git-receive-pack', moved: false },
  { fault: 'html-200', tail: '/git-receive-pack', moved: false },
  { fault: 'html-200', tail: '/info/refs', moved: false },
  { fault: 'redirect', tail: '/info/refs', moved: false },
];

test.each(lost)(
  'a push is unknown after $fault of $tail (branch moved: $moved)',
  async ({ fault, tail, moved }) => {
    server.failNext(tail, fault);
    expect(await push(null)).toMatchObject({ kind: 'unknown' });
    expect(tip()).toBe(moved ? built.commit : '');
    // Positive control: the next push reports the actual state.
    expect(await push(moved ? built.commit : null)).toMatchObject({
      kind: moved ? 'already-there' : 'pushed',
    });
  },
);

test('a push that is cancelled or times out is unknown', async () => {
  const held = server.holdNext('/git-receive-pack');
  const stop = new AbortController();
  const pending = push(null, { signal: stop.signal });
  await held.arrived;
  stop.abort();
  expect(await pending).toMatchObject({ kind: 'unknown' });
  held.release();
  // Another branch, because the first push can still arrive once its request is released.
  const slow = server.holdNext('/git-receive-pack');
  expect(await push(null, { branch: 'ai/another', timeoutMs: 700 })).toMatchObject({ kind: 'unknown' });
  slow.release();
});

test('a push with a wrong token is unknown, reports why and pushes nothing', async () => {
  const result = await push(null, { remote: { ...remote(), token: async () => 'ghs_wrong' } });
  expect(result).toMatchObject({
    kind: 'unknown',
    detail: expect.stringContaining('Authentication failed'),
  });
  expect(tip()).toBe('');
});

test.each(['-x', '../x', 'a..b', 'a b', 'x:refs/heads/main', 'x.lock', 'x/', ''])(
  'branch name %j is refused before anything is sent',
  async name => {
    await expect(push(null, { branch: name })).rejects.toMatchObject({ kind: 'bad-input' });
  },
);

test('a commit that is not in the quarantine is refused before anything is sent', async () => {
  await expect(push(null, { commit: 'f'.repeat(40) })).rejects.toMatchObject({ kind: 'failed' });
});
