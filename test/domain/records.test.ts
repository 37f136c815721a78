/** The chain of records: a changed, missing, moved or foreign record is found. Names of branches lead back to issues. */
import { describe, expect, test } from '@jest/globals';
import { append, archived, type AuditEntry, auditProblem, newTrail } from '../../src/domain/audit.ts';
import { branchOwner, claimBranchName } from '../../src/domain/branch.ts';
import { digestMatches, digestOf } from '../../src/domain/digest.ts';

const entry = (cause: string): AuditEntry => ({
  at: 1,
  from: 'triage',
  to: 'triage',
  hold: 'none',
  actor: { kind: 'rule', name: 'r' },
  judgement: 'automatic',
  cause,
  digests: {},
});
const start = newTrail('acme/shop#7 generation 1');
const trail = ['a', 'b', 'c'].map(entry).reduce(append, start);
const [a, b, c] = trail.records as unknown as readonly [never, never, never];

describe('the chain of records', () => {
  test('is whole as it was written', () => {
    expect(auditProblem(trail.records, start.head)).toBeUndefined();
  });

  test.each([
    ['changed', [a, { ...(b as object), cause: 'B' } as never, c], /was changed/],
    ['missing', [a, c], /is numbered 3/],
    ['moved', [b, a, c], /is numbered 2/],
    [
      'changed with its hash',
      [a, append({ ...start, nextSeq: 2 }, entry('x')).records[0] as never, c],
      /does not follow/,
    ],
  ])('shows a record that is %s', (_what, records, problem) => {
    expect(auditProblem(records, start.head)).toMatch(problem);
  });

  test('of one generation does not pass for another', () => {
    expect(auditProblem(trail.records, newTrail('acme/shop#7 generation 2').head)).toMatch(/does not follow/);
  });

  test('goes on after the older records were archived', () => {
    const rest = append(archived(trail, { upTo: 2, digest: digestOf('archive') }), entry('d'));
    expect(rest.records.map(({ seq }) => seq)).toEqual([3, 4]);
    expect(auditProblem([a, b, ...rest.records], start.head)).toBeUndefined();
  });
});

describe('a claim branch', () => {
  test.each(['Fix it', 'Ärger', '', '-g9', 'x-g12', '💥', 'g2'])(
    'leads back to its issue, whatever the title %j is',
    title => {
      for (const generation of [1, 2, 12])
        expect(branchOwner(claimBranchName({ issueNumber: 7, generation }, title))).toEqual({
          issueNumber: 7,
          generation,
        });
    },
  );

  test.each(['ai/issue-0-x', 'ai/issue-7', 'issue-7-x', 'ai/issue-7-x/y', 'ai/issue-07-x'])(
    '%s is none of ours',
    name => {
      expect(branchOwner(name)).toBeUndefined();
    },
  );
});

describe('a digest', () => {
  test('does not depend on the order of members, and on every value', () => {
    expect(digestOf({ a: 1, b: { c: 2, d: undefined } })).toBe(digestOf({ b: { c: 2 }, a: 1 }));
    expect(digestOf({ a: 1 })).not.toBe(digestOf({ a: '1' }));
    expect(digestOf({ 10: 'x', 9: 'y' })).toBe(digestOf({ 9: 'y', 10: 'x' }));
  });

  test('is named by at least twelve of its first characters', () => {
    const digest = digestOf('x');
    expect(digestMatches(digest, digest.slice(7, 19))).toBe(true);
    expect(digestMatches(digest, digest.slice(7, 18))).toBe(false);
    expect(digestMatches(digest, digest.slice(8, 30))).toBe(false);
  });
});
