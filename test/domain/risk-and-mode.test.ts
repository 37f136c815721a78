/** The risk floor, and what each mode may do. */
import { describe, expect, test } from '@jest/globals';
import { MODE_RIGHTS, parseMode } from '../../src/domain/mode.ts';
import { riskOfLabels, riskOfPaths, riskOfText, RISKS, worse } from '../../src/domain/risk.ts';
import { policyOf } from './life/fixtures.ts';

const { risk } = policyOf();

describe('the risk floor', () => {
  test.each([
    ['a label', riskOfLabels(['Security'], risk), 'high'],
    ['another label', riskOfLabels(['ai:risk-high'], risk), 'low'],
    ['a word', riskOfText('The PAYMENT fails', risk), 'high'],
    ['a part of a word', riskOfText('The repayment fails', risk), 'low'],
    ['a path', riskOfPaths(['src/a.ts', 'db/x.sql'], risk), 'medium'],
    ['a path in other case', riskOfPaths(['INFRA/main.tf'], risk), 'high'],
    ['a dot file', riskOfPaths(['infra/.env'], risk), 'high'],
    ['no such path', riskOfPaths(['src/infra.ts'], risk), 'low'],
  ])('is raised by %s as the policy says', (_what, judged, level) => {
    expect(judged.level).toBe(level);
    expect(judged.reasons.length > 0).toBe(level !== 'low');
  });

  test('is never lowered: the worse of two wins, in either order', () => {
    for (const [a, one] of RISKS.entries())
      for (const [b, other] of RISKS.entries())
        expect(worse({ level: one, reasons: [] }, { level: other, reasons: [] }).level).toBe(
          RISKS[Math.max(a, b)],
        );
  });
});

describe('a mode', () => {
  test.each([
    ['auto-run', { mayWrite: true, mayOpenPullRequest: true, startGate: false }],
    ['guarded', { mayWrite: true, mayOpenPullRequest: true, startGate: true }],
    ['analysis', { mayWrite: false, mayOpenPullRequest: false, startGate: false }],
    ['spike', { mayWrite: true, mayOpenPullRequest: false, startGate: true }],
  ] as const)('%s has just these rights: %j', (mode, rights) => {
    expect(MODE_RIGHTS[mode]).toMatchObject(rights);
  });

  test('is one of the four, or none', () => {
    expect(parseMode(' Guarded ')).toBe('guarded');
    expect(parseMode('auto')).toBeUndefined();
  });
});
