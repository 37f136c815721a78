/** The rules of a run by hand: whose mode counts, what raises the risk, and when a change is verified. */
import { describe, expect, test } from '@jest/globals';
import {
  entryRiskByHand,
  modeByHand,
  riskByHand,
  verdictByHand,
  type DoneByHand,
} from '../../src/domain/by-hand.ts';
import { parseContract } from '../../src/domain/contract.ts';
import { digestOf } from '../../src/domain/digest.ts';
import { ENDING_RULES } from '../../src/domain/ending.ts';
import type { Policy } from '../../src/domain/policy.ts';
import type { CheckResult } from '../../src/domain/state/work.ts';
import { policyOf } from './life/fixtures.ts';

const POLICY: Policy = {
  ...policyOf({}),
  defaultMode: 'guarded',
  risk: { labels: { high: ['security'] }, words: { medium: ['payment'] }, paths: { high: ['db/**'] } },
};
const contractOf = (body: string) => parseContract(body).contract;
const issueOf = (body: string, labels: readonly string[] = []) => ({ title: 'A title', body, labels });

test.each([
  ['analysis', '### Mode\nspike', 'analysis'],
  [undefined, '### Mode\nspike', 'spike'],
  [undefined, '', 'guarded'],
] as const)('asked %s, contract %j: %s', (asked, body, mode) => {
  expect(modeByHand(asked, contractOf(body), POLICY)).toBe(mode);
});

test.each([
  ['nothing', '', [], 'low'],
  ['a word', 'the payment page', [], 'medium'],
  ['a label', '', ['Security'], 'high'],
  ['its own word', '### Risk\nmedium', [], 'medium'],
] as const)('before a change, %s makes it %s', (...[, body, labels, level]) => {
  expect(entryRiskByHand(issueOf(body, labels), contractOf(body), POLICY).level).toBe(level);
});

test('the change and the agent can only raise it', () => {
  const floor = { level: 'medium', reasons: ['so'] } as const;
  const levelOf = (paths: readonly string[], end: { raisedRisk?: 'low' | 'high' } = {}) =>
    riskByHand(floor, { paths, end }, POLICY).level;
  expect(levelOf(['src/a.js'])).toBe('medium');
  expect(levelOf(['src/a.js'], { raisedRisk: 'low' })).toBe('medium');
  expect(levelOf(['db/schema.sql'])).toBe('high');
  expect(levelOf([], { raisedRisk: 'high' })).toBe('high');
});

describe('the verdict', () => {
  const check = (change: Partial<CheckResult> = {}): CheckResult => ({
    name: 'tests',
    command: 'npm test',
    on: 'head',
    expected: 'pass',
    passed: true,
    exitCode: 0,
    durationMs: 1,
    output: digestOf('output'),
    ...change,
  });
  const before = check({ on: 'base', expected: 'fail', passed: false });
  const done = (change: Partial<DoneByHand>): DoneByHand => ({
    mode: 'guarded',
    end: { ending: 'patch' },
    refusals: [],
    checks: undefined,
    ...change,
  });

  test.each<[string, Partial<DoneByHand>, string, string]>([
    ['all as it should be', { checks: [before, check()] }, 'verified', 'all checks gave the expected result'],
    [
      'a failed check',
      { checks: [check({ passed: false })] },
      'no',
      'tests failed on head, but should pass there',
    ],
    [
      'a test that proves nothing',
      { checks: [{ ...before, passed: true }, check()] },
      'no',
      'tests passed on base, but should fail there',
    ],
    [
      'nothing run on the commit',
      { checks: [before] },
      'no',
      'no verification command was run; add them to verification.commands',
    ],
    [
      'a refused change',
      { refusals: [{ path: 'a', reason: 'a symlink' }] },
      'no',
      'the change was refused: a: a symlink',
    ],
    [
      'a report that was asked for',
      { mode: 'analysis', end: { ending: 'analysis' } },
      'delivered',
      ENDING_RULES.analysis.meaning,
    ],
    ['a crash', { end: { ending: 'crashed' } }, 'no', ENDING_RULES.crashed.meaning],
  ])('on %s', (...[, change, outcome, why]) => {
    expect(verdictByHand(done(change))).toEqual({ outcome, why });
  });
});
