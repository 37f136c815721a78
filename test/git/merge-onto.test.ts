/** What a merge would make, and what a reviewer saw, on real repositories. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { commitsOn, filesOfBoth, mergeOnto, type MergeQuestion } from '../../src/git/merge-onto.ts';
import type { Mirror } from '../../src/git/mirror.ts';
import { patchId } from '../../src/git/patch-id.ts';
import { temporaryFolder } from '../local/support.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const work = folder.file('work');
const git = (...args: readonly string[]): string =>
  execFileSync('git', ['-C', work, '-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' },
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();

const lines = (from: number, to: number): string =>
  Array.from({ length: to - from + 1 }, (_, at) => `line ${from + at}\n`).join('');

type Files = Readonly<Record<string, string | null>>;

/** On top of `parent`. */
function commit(parent: string, files: Files, message = 'x'): string {
  git('checkout', '--quiet', '--detach', parent);
  for (const [path, text] of Object.entries(files)) {
    if (text === null) rmSync(join(work, path));
    else {
      mkdirSync(dirname(join(work, path)), { recursive: true });
      writeFileSync(join(work, path), text);
    }
  }
  git('add', '--all');
  git('commit', '--quiet', '--allow-empty', '--message', message);
  return git('rev-parse', 'HEAD');
}

let mirror: Mirror;
let from: string;
let head: string;
beforeAll(() => {
  mkdirSync(work, { recursive: true });
  git('init', '--quiet', '--initial-branch=main');
  git('commit', '--quiet', '--allow-empty', '--message', 'first');
  mirror = { root: work, gitDir: join(work, '.git') };
  from = commit('HEAD', { 'price.ts': lines(1, 40), 'other.ts': 'other\n' });
  head = commit(from, { 'price.ts': `${lines(1, 19)}line twenty\n${lines(21, 40)}` });
});

const questionOf = (base: string, more: Partial<MergeQuestion> = {}): MergeQuestion => ({
  ...{ mirror, base, head, from },
  ...more,
});

async function merged(base: string, more: Partial<MergeQuestion> = {}) {
  const result = await mergeOnto(questionOf(base, more));
  if (result.kind !== 'merged') throw new Error(`a conflict in ${result.paths.join()}`);
  return result;
}

describe('the merge', () => {
  test('has the tree of a merge by git, and the same commit each time', async () => {
    const base = commit(from, { 'other.ts': 'another\n' });
    git('checkout', '--quiet', '--detach', base);
    git('merge', '--quiet', '--no-ff', '--message', 'm', head);
    const found = await merged(base);
    expect(found.tree).toBe(git('rev-parse', 'HEAD^{tree}'));
    expect(git('rev-parse', `${found.commit}^1`, `${found.commit}^2`).split('\n')).toEqual([base, head]);
    expect(await merged(base)).toEqual(found);
    expect(await filesOfBoth(questionOf(base))).toEqual([]);
  });

  test('of an edit far away in the same file is clean, and names the file', async () => {
    const base = commit(from, { 'price.ts': `line one\n${lines(2, 40)}` });
    const { tree } = await merged(base);
    expect(git('show', `${tree}:price.ts`)).toContain('line one');
    expect(git('show', `${tree}:price.ts`)).toContain('line twenty');
    expect(await filesOfBoth(questionOf(base))).toEqual(['price.ts']);
  });

  test('without history between the two has the same tree', async () => {
    const base = commit(commit(from, { 'new.ts': 'new\n' }), { 'price.ts': `line one\n${lines(2, 40)}` });
    const [deep, shallow] = [await merged(base), await merged(base, { isShallow: true })];
    expect(shallow).toEqual(deep);
  });

  test('of an edit of the same line is a conflict, with the commits that touched the file', async () => {
    const near = commit(from, { 'other.ts': 'near\n' }, 'near');
    const base = commit(
      near,
      { 'price.ts': `${lines(1, 19)}line XX\n${lines(21, 40)}` },
      'Use Roman numbers',
    );
    expect(await mergeOnto(questionOf(base))).toEqual({ kind: 'conflict', paths: ['price.ts'] });
    expect(await commitsOn(questionOf(base), ['price.ts'], 5)).toEqual([
      { commit: base, subject: 'Use Roman numbers' },
    ]);
  });

  test('of a file that the base deleted is a conflict', async () => {
    const base = commit(from, { 'price.ts': null });
    expect(await mergeOnto(questionOf(base))).toEqual({ kind: 'conflict', paths: ['price.ts'] });
  });
});

describe('the patch', () => {
  const seen = () => patchId({ mirror }, from, head);

  test.each([
    ['in another file', { 'other.ts': 'another\n' }],
    ['above it in the same file', { 'price.ts': `line zero\n${lines(1, 40)}` }],
  ])('is the same after a change %s', async (_where, files) => {
    const base = commit(from, files);
    expect(await patchId({ mirror }, base, (await merged(base)).tree)).toBe(await seen());
    expect(await seen()).toMatch(/^[0-9a-f]{40}$/);
  });

  test.each([
    ['a line around it has changed', `${lines(1, 16)}line seventeen\n${lines(18, 40)}`],
    ['the base has it already', `${lines(1, 19)}line twenty\n${lines(21, 40)}`],
  ])('is another one when %s', async (_what, text) => {
    const base = commit(from, { 'price.ts': text });
    expect(await patchId({ mirror }, base, (await merged(base)).tree)).not.toBe(await seen());
  });

  test('counts blanks, modes, and the bytes of binary files', async () => {
    const variants = [
      { 'price.ts': `${lines(1, 19)} line 20\n${lines(21, 40)}` },
      { 'price.ts': `${lines(1, 19)}  line 20\n${lines(21, 40)}` },
      { 'a.bin': 'a\0b' },
      { 'a.bin': 'a\0c' },
    ].map(files => commit(from, files));
    chmodSync(join(work, 'price.ts'), 0o755);
    const ids = [...variants, commit(variants[3] ?? '', {})].map(to => patchId({ mirror }, from, to));
    expect(new Set(await Promise.all(ids)).size).toBe(variants.length + 1);
  });
});
