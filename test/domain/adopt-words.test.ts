/** The words of adoption: how a head is named, and what our texts say of commits and their authors. */
import { describe, expect, test } from '@jest/globals';
import { adoptedConcern, adoptedMessage } from '../../src/domain/adopted-text.ts';
import { adoptionProblem } from '../../src/domain/adoption.ts';
import { commandsIn } from '../../src/domain/command.ts';
import { commitsText, type ForeignHead, namesHead } from '../../src/domain/foreign-head.ts';
import type { Adopted } from '../../src/domain/state/work.ts';
import { foreignAt, HEADS } from './life/branch.ts';

describe('words', () => {
  test.each([
    ['/adopt 1a2b3c4d5e6f', { kind: 'adopt', head: '1a2b3c4d5e6f' }],
    ['/Adopt 1A2B3C4D', { kind: 'adopt', head: '1A2B3C4D' }],
  ])('%s is a command', (text, request) => {
    expect(commandsIn(text)).toEqual([{ position: 0, request }]);
  });

  test.each([
    ['/adopt #1a2b3c4d5e6f', /did you mean \/adopt 1a2b3c4d5e6f\?/],
    ['/adopt it', /write \/adopt HEAD/],
    ['/adopt 1a2b3c4d5e6f now', /write \/adopt 1a2b3c4d5e6f/],
    ['/adoptt 1a2b3c4d5e6f', /did you mean \/adopt 1a2b3c4d5e6f\?/],
  ])('%s is answered with what was meant', (text, unclear) => {
    expect(commandsIn(text)[0]?.unclear).toMatch(unclear);
  });

  test('a head is named by at least seven digits', () => {
    expect(namesHead('F0F0F0F', HEADS.onTop)).toBe(true);
    for (const word of ['f0f0f0', 'f1f1f1f', '', `${HEADS.onTop}0`])
      expect(namesHead(word, HEADS.onTop)).toBe(false);
  });

  test('at most three authors are named', () => {
    const commits = ['a', 'b', 'c', 'd', 'a'].map((by, index) => ({ id: `${index}`, by, isSigned: true }));
    expect(commitsText({ total: 5, commits })).toBe('5 commits by a, b, c and 1 more');
    expect(commitsText({ total: 1, commits: commits.slice(0, 1) })).toBe('1 commit by a');
  });
});

describe('names and addresses of authors', () => {
  const adopted = (name: string, email: string): Adopted => ({
    ...foreignAt(HEADS.onTop),
    authors: [{ name, email }],
    by: { kind: 'person', login: 'ann', how: 'github-comment' },
  });

  test.each([
    ['Ben', 'ben@example.com', 'Co-authored-by: Ben <ben@example.com>'],
    [
      'dep[bot]',
      '49699333+dependabot[bot]@users.noreply.github.com',
      'Co-authored-by: dep[bot] <49699333+dependabot[bot]@users.noreply.github.com>',
    ],
    ['a\n\nFixes #1 @team', 'ben@example.com', 'Co-authored-by: a Fixes # 1 @ team <ben@example.com>'],
    ['x> <y@z.w', 'ben@example.com', 'Co-authored-by: x y@z.w <ben@example.com>'],
    ['', 'ben@example.com', 'Co-authored-by: unknown <ben@example.com>'],
  ])('%j is credited without effect', (name, email, trailer) => {
    expect(adoptedMessage(adopted(name, email)).split('\n').at(-2)).toBe(trailer);
  });

  test.each([
    'ben',
    'ben@ex ample.com',
    'ben@example.com>\nSigned-off-by: x',
    'fixes#1@example.com',
    `${'b'.repeat(95)}@e.com`,
  ])('the address %j gives no trailer', email => {
    expect(adoptedMessage(adopted('Ben', email))).not.toContain('Co-authored-by');
  });

  test('the concern says which signatures are missing', () => {
    expect(adoptedConcern(adopted('Ben', 'b@e.com'))).toContain('1 of them without a verified signature');
    const commits = [{ id: 'a', by: 'ben', isSigned: true }];
    expect(adoptedConcern({ ...adopted('Ben', 'b@e.com'), commits })).not.toContain('signature');
  });
});

test('more commits or authors than can be adopted are refused by name', () => {
  const known: ForeignHead = foreignAt(HEADS.onTop);
  expect(adoptionProblem({ ...known, total: 50 })).toBeUndefined();
  expect(adoptionProblem({ ...known, total: 51 })).toContain('51 commits, but at most 50');
  expect(adoptionProblem({ ...known, isCrowd: true })).toContain('more than 20 authors');
});
