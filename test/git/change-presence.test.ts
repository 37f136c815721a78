/** A change is looked for by its content: what people do after a merge, on real repositories. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { findChange, type Presence } from '../../src/git/change-presence.ts';
import type { Mirror } from '../../src/git/mirror.ts';
import { temporaryFolder } from '../local/support.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const lines = (from: number, to: number): string =>
  Array.from({ length: to - from + 1 }, (_, at) => `line ${from + at}\n`).join('');
const BASE = { 'src/price.ts': lines(1, 40), 'src/old.ts': 'old\n', 'README.md': 'read\n' };
const CHANGED_LINE = 'line twenty\n';
const CHANGED = lines(1, 19) + CHANGED_LINE + lines(21, 40);
const ADDED = 'one test\ntwo tests\n';
const CHANGE = { 'src/price.ts': CHANGED, 'src/old.ts': null, 'test/price.test.ts': ADDED };

type Files = Readonly<Record<string, string | null>>;

const work = folder.file('work');
const git = (...args: readonly string[]): string =>
  execFileSync('git', ['-C', work, '-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' },
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();

function write(files: Files): void {
  for (const [path, text] of Object.entries(files)) {
    if (text === null) rmSync(join(work, path));
    else {
      mkdirSync(dirname(join(work, path)), { recursive: true });
      writeFileSync(join(work, path), text);
    }
  }
}

function commit(files: Files): string {
  write(files);
  git('add', '--all');
  git('commit', '--quiet', '--allow-empty', '--message', 'x');
  return git('rev-parse', 'HEAD');
}

let base: string;
let change: string;
/** Only read, so the repository itself will do. */
const mirror: Mirror = { root: work, gitDir: join(work, '.git') };
beforeAll(() => {
  mkdirSync(work, { recursive: true });
  git('init', '--quiet', '--initial-branch=main');
  base = commit(BASE);
  git('checkout', '--quiet', '-b', 'ours');
  change = commit(CHANGE);
});

/** From the merge of the change on, after these commits of others. */
async function found(act: () => void): Promise<readonly [Presence, readonly string[]]> {
  git('checkout', '--quiet', '-B', 'main', base);
  act();
  const { presence, paths } = await findChange({ mirror, change, at: git('rev-parse', 'main') });
  return [presence, paths];
}

const merge = (): string => git('merge', '--quiet', '--no-ff', '--message', 'm', 'ours');
const revert = (): string => git('revert', '--no-edit', '-m', '1', 'HEAD');

describe('is present', () => {
  test.each<readonly [string, () => void]>([
    ['right after the merge', merge],
    ['after a squash by a person', () => void (git('merge', '--squash', 'ours'), commit({}))],
    [
      'after a rebase onto a moved base',
      () => void (commit({ 'src/other.ts': 'x\n' }), git('cherry-pick', 'ours')),
    ],
    [
      'where the base changed the same file elsewhere',
      () => void (commit({ 'src/price.ts': `first\n${BASE['src/price.ts']}` }), merge()),
    ],
    [
      'after edits elsewhere in its files',
      () =>
        void (
          merge(),
          commit({ 'src/price.ts': `${CHANGED}last\n`, 'test/price.test.ts': `${ADDED}three\n` })
        ),
    ],
    ['after edits of other files', () => void (merge(), commit({ 'README.md': 'other\n' }))],
    ['after the revert of its revert', () => void (merge(), revert(), git('revert', '--no-edit', 'HEAD'))],
    [
      'after its files were renamed',
      () =>
        void (
          merge(),
          commit({
            'test/price.test.ts': null,
            'test/cost.test.ts': ADDED,
            'src/price.ts': null,
            'src/cost.ts': CHANGED,
          })
        ),
    ],
  ])('%s', async (_, act) => {
    expect(await found(act)).toEqual(['present', []]);
  });
});

describe('is gone', () => {
  const all = Object.keys(CHANGE).sort();
  test.each<readonly [string, () => void, readonly string[]]>([
    ['after a revert', () => void (merge(), revert()), all],
    ['after a revert by hand', () => void (merge(), commit({ ...BASE, 'test/price.test.ts': null })), all],
    [
      'after a revert and other work',
      () => void (merge(), revert(), commit({ 'src/price.ts': `${BASE['src/price.ts']}last\n` })),
      all,
    ],
    [
      'when one of its files was taken back',
      () => void (merge(), commit({ 'src/price.ts': BASE['src/price.ts'] })),
      ['src/price.ts'],
    ],
    [
      'when its test was deleted',
      () => void (merge(), commit({ 'test/price.test.ts': null })),
      ['test/price.test.ts'],
    ],
    [
      'when a deleted file came back',
      () => void (merge(), commit({ 'src/old.ts': 'old\n' })),
      ['src/old.ts'],
    ],
    [
      'after a merge that kept none of it',
      () => void git('merge', '--quiet', '--no-ff', '-s', 'ours', '-m', 'm', 'ours'),
      all,
    ],
  ])('%s', async (_, act, paths) => {
    expect(await found(act)).toEqual(['gone', paths]);
  });
});

describe('cannot be told', () => {
  test.each<readonly [string, () => void, readonly string[]]>([
    [
      'when its lines were changed again',
      () => void (merge(), commit({ 'src/price.ts': CHANGED.replace(CHANGED_LINE, 'line 20.0\n') })),
      ['src/price.ts'],
    ],
    [
      'when lines of its new file were changed',
      () => void (merge(), commit({ 'test/price.test.ts': 'one test\n2 tests\n' })),
      ['test/price.test.ts'],
    ],
    [
      'when its file was renamed and edited',
      () => void (merge(), commit({ 'src/price.ts': null, 'src/cost.ts': `${CHANGED}last\n` })),
      ['src/price.ts'],
    ],
    [
      'when its file is no text any more',
      () => void (merge(), commit({ 'src/price.ts': '\0\0' })),
      ['src/price.ts'],
    ],
    [
      'when only the mode of its file was changed',
      () =>
        void (
          merge(),
          git('update-index', '--chmod=+x', 'src/price.ts'),
          git('commit', '--quiet', '-m', 'x')
        ),
      ['src/price.ts'],
    ],
  ])('%s', async (_, act, paths) => {
    expect(await found(act)).toEqual(['unclear', paths]);
  });
});
