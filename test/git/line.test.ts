/** A change from end to end: fetch, clone, build, judge, check out, push. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { diffText } from '../../src/git/diff-text.ts';
import { gitVersionProblem } from '../../src/git/git-version.ts';
import { defaultChangeLimits } from '../../src/git/judge-change.ts';
import { judgeCommit } from '../../src/git/judge-commit.ts';
import type { Mirror } from '../../src/git/mirror.ts';
import { ensureMirror, fetchRef, isAncestor, resolve } from '../../src/git/mirror.ts';
import { listTree, readBlob } from '../../src/git/objects.ts';
import { defaultProtectedPaths } from '../../src/git/protected-paths.ts';
import { pushCommit } from '../../src/git/push.ts';
import type { BuiltCommit } from '../../src/git/quarantine.ts';
import { buildCommit, disposeQuarantine } from '../../src/git/quarantine.ts';
import type { GitRemote } from '../../src/git/remote.ts';
import { checkoutExact, cloneWorkspace } from '../../src/git/workspace-clone.ts';
import type { GitHttp } from '../support/git-http.ts';
import { startGitHttp } from '../support/git-http.ts';
import { scratchDir, seedRepository } from '../support/git-repos.ts';

const token = `ghs_${'Canary0Token'.repeat(4)}`;
const scratch = scratchDir();
const served = join(scratch.dir, 'served');
let server: GitHttp;
let remote: GitRemote;
let mirror: Mirror;
let base: string;

beforeAll(async () => {
  base = seedRepository(served, 'acme/app', { 'README.md': 'hello\n', 'src/a.js': 'export const a = 1;\n' });
  server = await startGitHttp(served, token);
  remote = { url: server.url('acme/app'), token: async () => token };
  mirror = await ensureMirror({ root: join(scratch.dir, 'mirrors'), key: '1' });
});

afterAll(async () => {
  await server.close();
  scratch.remove();
});

async function build(text: string): Promise<BuiltCommit> {
  const entries = [{ path: 'src/a.js', mode: '100644' as const, bytes: Buffer.from(text) }];
  const built = await buildCommit({
    mirror,
    base,
    entries,
    message: 'Change a',
    when: new Date(1_700_000_000_000),
  });
  if (built.kind === 'refused') throw new Error(JSON.stringify(built.refusals));
  return built;
}

test("the host's git is new enough", async () => {
  expect(await gitVersionProblem()).toBeUndefined();
});

test('a change goes from fetch to a pushed branch', async () => {
  expect(await fetchRef({ mirror, remote, ref: 'refs/heads/main' })).toBe(base);
  expect(await fetchRef({ mirror, remote, ref: 'refs/heads/none' })).toBeUndefined();
  expect((await listTree({ mirror }, base)).map(entry => entry.path)).toEqual(['README.md', 'src/a.js']);
  expect((await readBlob({ mirror, commit: base, path: 'README.md', bytesMax: 100 }))?.toString()).toBe(
    'hello\n',
  );
  const work = join(scratch.dir, 'work');
  await cloneWorkspace({ mirror, base, dir: work });
  expect(readFileSync(join(work, 'src/a.js'), 'utf8')).toBe('export const a = 1;\n');
  const built = await build('export const a = 2;\n');
  const { objectDirectory } = built.quarantine;
  const judgement = await judgeCommit({
    mirror,
    objectDirectory,
    base,
    commit: built.commit,
    limits: defaultChangeLimits,
    policy: { allowedPaths: [], protectedPaths: defaultProtectedPaths },
  });
  expect(judgement).toMatchObject({
    refusals: [],
    protectedPaths: [],
    files: [{ path: 'src/a.js', status: 'modified' }],
  });
  const checkout = join(scratch.dir, 'checkout');
  await checkoutExact({ mirror, objectDirectory, commit: built.commit, dir: checkout });
  expect(readFileSync(join(checkout, 'src/a.js'), 'utf8')).toBe('export const a = 2;\n');
  expect(
    (await diffText({ mirror, objectDirectory, base, commit: built.commit, bytesMax: 9_999 })).text,
  ).toContain('+export const a = 2;');
  const push = {
    mirror,
    quarantine: built.quarantine,
    remote,
    branch: 'ai/issue-1',
    commit: built.commit,
    expectedOld: null,
  };
  expect(await pushCommit(push)).toMatchObject({ kind: 'pushed' });
  expect(await pushCommit(push)).toMatchObject({ kind: 'already-there' });
  expect(await resolve(mirror, built.commit)).toBeUndefined(); // the commit is not in the mirror
  expect(await fetchRef({ mirror, remote, ref: 'refs/heads/ai/issue-1' })).toBe(built.commit);
  expect(await isAncestor(mirror, base, built.commit)).toBe(true);
  expect(await isAncestor(mirror, built.commit, base)).toBe(false);
  await disposeQuarantine(built.quarantine);
});
