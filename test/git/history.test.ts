/** Large histories: runs work on the base commit alone, and a complete history has a limit that is named. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mirrorKey, mirrorWith } from '../../src/activities/change.ts';
import { copyHistory } from '../../src/git/copy-history.ts';
import { type History, HISTORY_BYTES_MAX_DEFAULT, historyOf } from '../../src/git/history.ts';
import { ensureMirror, fetchRef, type Mirror } from '../../src/git/mirror.ts';
import { pushCommit } from '../../src/git/push.ts';
import { buildCommit } from '../../src/git/quarantine.ts';
import type { GitRemote } from '../../src/git/remote.ts';
import { cloneWorkspace } from '../../src/git/workspace-clone.ts';
import { startSourceRelay } from '../../src/source-relay/relay.ts';
import { type GitHttp, startGitHttp } from '../support/git-http.ts';
import { commitFiles, git, scratchDir, seedRepository } from '../support/git-repos.ts';
import { file } from './corpus.ts';

const MIB = 1024 * 1024;
const COMMITS = 6;
const token = `ghs_${'Canary0Token'.repeat(4)}`;
const scratch = scratchDir();
const served = join(scratch.dir, 'served');
const gitDir = join(served, 'acme/app.git');
const shallow: History = { kind: 'shallow' };
const full = (bytesMax: number): History => ({ kind: 'full', bytesMax });
let server: GitHttp;
let remote: GitRemote;
let base: string;

/** Each commit replaces one file that cannot be compressed. */
beforeAll(async () => {
  seedRepository(served, 'acme/app', { 'README.md': 'hello\n' });
  for (let at = 0; at < COMMITS; at++) base = grow();
  server = await startGitHttp(served, token);
  remote = { url: server.url('acme/app'), token: async () => token };
});
afterAll(async () => {
  await server.close();
  scratch.remove();
});

function grow(): string {
  return commitFiles(gitDir, { ref: 'refs/heads/main', files: { 'big.bin': randomBytes(MIB) } });
}

let mirrors = 0;
async function newMirror(): Promise<Mirror> {
  mirrors += 1;
  return await ensureMirror({ root: join(scratch.dir, 'mirrors'), key: String(mirrors) });
}

function packedBytes(mirror: Mirror): number {
  const dir = join(mirror.gitDir, 'objects/pack');
  return readdirSync(dir).reduce((sum, name) => sum + readFileSync(join(dir, name)).length, 0);
}

const commitsIn = (dir: string): number => Number(git(dir, ['rev-list', '--count', 'HEAD']));

describe('a shallow history', () => {
  test('is the base alone: fetched, built on, pushed, and given to the agent', async () => {
    const mirror = await newMirror();
    expect(await fetchRef({ mirror, remote, ref: base, history: shallow })).toBe(base);
    expect(packedBytes(mirror)).toBeLessThan(1.5 * MIB);
    const dir = join(scratch.dir, 'shallow');
    await cloneWorkspace({ mirror, base, dir, history: shallow });
    expect(commitsIn(join(dir, '.git'))).toBe(1);
    expect(git(join(dir, '.git'), ['fsck'])).toBe('');
    expect(readFileSync(join(dir, 'big.bin'))).toHaveLength(MIB);
    const entries = [file('README.md', 'new\n')];
    const built = await buildCommit({ mirror, base, entries, message: 'm', when: new Date(0) });
    if (built.kind === 'refused') throw new Error('refused');
    const { quarantine, commit } = built;
    const push = { mirror, quarantine, remote, branch: 'ai/issue-1', commit, expectedOld: null };
    expect(await pushCommit(push)).toMatchObject({ kind: 'pushed' });
    expect(git(gitDir, ['rev-list', '--count', 'ai/issue-1'])).toBe(String(COMMITS + 2));
  });

  test('is fetched again for each new base, with what is new', async () => {
    const mirror = await newMirror();
    await fetchRef({ mirror, remote, ref: base, history: shallow });
    const next = commitFiles(gitDir, { ref: 'refs/heads/next', files: { 'a.txt': 'a\n' } });
    expect(await fetchRef({ mirror, remote, ref: next, history: shallow })).toBe(next);
    expect(packedBytes(mirror)).toBeLessThan(1.5 * MIB);
  });

  test('has a mirror of its own, so that a complete history is complete after a change of the policy', async () => {
    const ports = {
      artifacts: undefined as never,
      mirrorsDir: join(scratch.dir, 'two'),
      remote: () => remote,
    };
    const repository = { id: 7, defaultBranch: 'main', head: base, cloneUrl: '', url: '' };
    for (const history of [shallow, full(HISTORY_BYTES_MAX_DEFAULT), shallow]) {
      const mirror = await mirrorWith(ports, { repository, commit: base, history });
      expect(mirror.gitDir).toBe(join(ports.mirrorsDir, `${mirrorKey(7, history)}.git`));
      const dir = join(scratch.dir, `two-${history.kind}`);
      if (!readdirSync(scratch.dir).includes(`two-${history.kind}`))
        await cloneWorkspace({ mirror, base, dir, history });
      expect(commitsIn(join(dir, '.git'))).toBe(history.kind === 'shallow' ? 1 : COMMITS + 1);
    }
  });

  test('passes the source relay', async () => {
    const password = 'password-of-the-relay';
    const relay = await startSourceRelay({
      source: () => Promise.resolve({ cloneUrl: server.url('acme/app'), token }),
      fetch,
      password,
      listen: { host: '127.0.0.1', port: 0 },
    });
    const mirror = await newMirror();
    const through = { url: `${relay.url}/acme/app.git`, token: () => Promise.resolve(password) };
    expect(await fetchRef({ mirror, remote: through, ref: base, history: shallow })).toBe(base);
    expect(git(mirror.gitDir, ['rev-list', '--count', base])).toBe('1');
    await relay.close();
  });
});

describe('a complete history', () => {
  test('within its limit is fetched and given to the agent', async () => {
    const mirror = await newMirror();
    const history = full((COMMITS + 1) * MIB);
    expect(await fetchRef({ mirror, remote, ref: 'refs/heads/main', history })).toBe(base);
    const dir = join(scratch.dir, 'full');
    await cloneWorkspace({ mirror, base, dir, history });
    expect(commitsIn(join(dir, '.git'))).toBe(COMMITS + 1);
  });

  const tooLarge = {
    kind: 'history-too-large',
    message: expect.stringMatching(
      /^the history of the repository has more than 3145728 bytes\. Fix: set workspace\.history to shallow /,
    ),
  };

  test('beyond its limit is refused when it is fetched, and leaves no partial pack', async () => {
    const mirror = await newMirror();
    const fetching = fetchRef({ mirror, remote, ref: 'refs/heads/main', history: full(3 * MIB) });
    await expect(fetching).rejects.toMatchObject(tooLarge);
    const left = readdirSync(join(mirror.gitDir, 'objects/pack'));
    expect(left.filter(name => name.startsWith('tmp_pack_'))).toEqual([]);
    // The policy allows it now.
    const again = await fetchRef({ mirror, remote, ref: 'refs/heads/main', history: full(99 * MIB) });
    expect(again).toBe(base);
  });

  test('beyond its limit is refused when it is copied', async () => {
    const mirror = await newMirror();
    await fetchRef({ mirror, remote, ref: 'refs/heads/main' });
    const into = join(scratch.dir, 'copied');
    await expect(copyHistory({ mirror, base, into, history: full(3 * MIB) })).rejects.toMatchObject(tooLarge);
  });

  test('that the caller cancels is cancelled, not too large', async () => {
    const mirror = await newMirror();
    const signal = AbortSignal.abort();
    const fetching = fetchRef({ mirror, remote, ref: 'refs/heads/main', history: full(3 * MIB), signal });
    await expect(fetching).rejects.toMatchObject({ kind: 'cancelled' });
  });
});

/** A file system of that size needs root. */
(process.getuid?.() === 0 ? test : test.skip)(
  'what does not fit is named, wherever git notices it',
  async () => {
    const mirror = await newMirror();
    await fetchRef({ mirror, remote, ref: 'refs/heads/main' });
    const small = join(scratch.dir, 'small');
    mkdirSync(small);
    for (const [megabytes, history] of [
      [0.1, shallow],
      [1.5, shallow],
      [2, full(99 * MIB)],
    ] as const) {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${Math.round(megabytes * MIB)}`, 'small', small]);
      try {
        const cloning = cloneWorkspace({ mirror, base, dir: join(small, 'ws'), history });
        await expect(cloning).rejects.toMatchObject({ kind: 'no-space' });
      } finally {
        execFileSync('umount', [small]);
      }
    }
  },
);

test('the policy decides, and an older one has the default', () => {
  expect(historyOf({ keepOnFailure: false })).toEqual(full(HISTORY_BYTES_MAX_DEFAULT));
  expect(historyOf({ keepOnFailure: false, historyBytesMax: 5 })).toEqual(full(5));
  expect(historyOf({ keepOnFailure: false, history: 'shallow' })).toEqual(shallow);
});

test('a repository with SHA-256 object names is unsupported, by name', async () => {
  const sha256 = join(served, 'acme/sha256.git');
  git(sha256, ['init', '-q', '--bare', '--object-format=sha256', '-b', 'main', sha256]);
  const tree = git(sha256, ['mktree']);
  git(sha256, ['update-ref', 'refs/heads/main', git(sha256, ['commit-tree', tree, '-m', 'm'])]);
  const mirror = await newMirror();
  const fetching = fetchRef({
    mirror,
    remote: { ...remote, url: server.url('acme/sha256') },
    ref: 'refs/heads/main',
  });
  await expect(fetching).rejects.toMatchObject({ kind: 'unsupported' });
});
