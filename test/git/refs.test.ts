/** Names of refs: what git accepts is accepted, as people name their branches, except what git could take for an option. */
import { spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { isSafeRef } from '../../src/git/mirror.ts';

const heads = [
  'main',
  '開発',
  'release/2026,q3',
  'main(v2)',
  "it's",
  'a@b',
  'ünï/cödé',
  '😀',
  'a=b;c&d',
  '#1',
  'x'.repeat(200),
  'a{b}',
  'a.lock.b',
  '-main',
  '+main',
];

test.each([...heads.map(name => `refs/heads/${name}`), 'HEAD', 'a'.repeat(40)])('%s is accepted', ref => {
  expect({ git: isAcceptedByGit(ref), ours: isSafeRef(ref) }).toEqual({ git: true, ours: true });
});

const malformed = [
  '',
  '@',
  'a b',
  'a:b',
  'a~1',
  'a^',
  'a?',
  'a*',
  'a[b',
  'a\\b',
  'a..b',
  'a//b',
  '/a',
  'a/',
  'a.',
  'a/.b',
  '.a',
  'a@{1}',
  'a.lock',
  'a.lock/b',
  'a\nb',
  'a\u007fb',
];

test.each(malformed)('%j is refused', ref => {
  expect({ git: isAcceptedByGit(ref), ours: isSafeRef(ref) }).toEqual({ git: false, ours: false });
});

test.each(['-upload-pack=x', '+refs/heads/main', 'a\ud800', 'a'.repeat(1_025)])(
  '%j is refused, although git may accept it',
  ref => expect(isSafeRef(ref)).toBe(false),
);

function isAcceptedByGit(ref: string): boolean {
  return spawnSync('git', ['check-ref-format', '--allow-onelevel', ref]).status === 0;
}
