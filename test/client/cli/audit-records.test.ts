/** `audit --verify` finds a record that was changed, left out, added, moved, or cut from the end. */
import { expect, test } from '@jest/globals';
import { chainProblem } from '../../../src/client/cli/audit-records.ts';
import { append, type AuditEntry, type AuditRecord, newTrail } from '../../../src/domain/audit.ts';
import { chainName } from '../../../src/domain/begin.ts';

const ISSUE = { owner: 'acme', repo: 'profile', number: 1 } as const;
const entry = (cause: string): AuditEntry => ({
  ...{ at: 1, from: 'triage', to: 'triage', hold: 'none', cause, judgement: 'product', digests: {} },
  actor: { kind: 'person', login: 'alice', how: 'temporal' },
});
const causes = ['read', 'approved', 'merged'];
const trail = causes.map(entry).reduce(append, newTrail(chainName({ issue: ISSUE, generation: 1 })));
const { records } = trail;
const held = { seq: trail.nextSeq - 1, head: trail.head };
const problemOf = (given: readonly AuditRecord[]) =>
  chainProblem({ issue: 'acme/profile#1', generation: 1, records: given, held });

test('an unchanged chain has no problem', () => {
  expect(problemOf(records)).toBeUndefined();
});

test.each<[string, readonly AuditRecord[], RegExp]>([
  [
    'changed',
    records.map(one => ({ ...one, cause: one.cause.replace('approved', 'rejected') })),
    /record 2: was changed/,
  ],
  ['left out', records.filter(({ seq }) => seq !== 2), /record 2: has the number 3/],
  ['cut from the end', records.slice(0, 2), /2 records found, but the workflow counts 3/],
  ['moved', [...records].reverse(), /record 1: has the number 3/],
  ['added with a good hash', append(trail, entry('closed')).records, /4 records found/],
])('a record that was %s is found', (_what, given, says) => {
  expect(problemOf(given)).toMatch(says);
});

test('a complete chain of another issue is refused', () => {
  const other = { ...ISSUE, number: 2 };
  const foreign = causes.map(entry).reduce(append, newTrail(chainName({ issue: other, generation: 1 })));
  expect(problemOf(foreign.records)).toMatch(/record 1: does not follow/);
});
