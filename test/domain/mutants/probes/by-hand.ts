/** The rules of a run by hand: whose mode counts, what raises the risk, and when a change is verified. */
import {
  type DoneByHand,
  entryRiskByHand,
  modeByHand,
  riskByHand,
  verdictByHand,
} from '../../../../src/domain/by-hand.ts';
import { parseContract } from '../../../../src/domain/contract.ts';
import { ENDING_RULES } from '../../../../src/domain/ending.ts';
import type { Policy } from '../../../../src/domain/policy.ts';
import type { CheckResult } from '../../../../src/domain/state/work.ts';
import { checkOf, policyOf } from '../../life/fixtures.ts';
import { must } from '../../life/invariants.ts';
import { check, type Probe } from '../scene.ts';

const POLICY: Policy = {
  ...policyOf(),
  risk: { labels: { high: ['security'] }, words: { medium: ['payment'] }, paths: { high: ['db/**'] } },
};
const contractOf = (body: string) => parseContract(body).contract;
const BEFORE = checkOf({ on: 'base', expected: 'fail', passed: false });

const FAILED_CHECKS: readonly (readonly [readonly CheckResult[], string])[] = [
  [[checkOf({ passed: false })], 'test failed on head, but should pass there'],
  [[{ ...BEFORE, passed: true }, checkOf()], 'test passed on base, but should fail there'],
  [[BEFORE], 'no verification command was run; add them to verification.commands'],
];

export const BY_HAND_PROBES: readonly Probe[] = [
  check('the mode of a run by hand', () => {
    for (const [asked, body, mode] of [
      ['analysis', '### Mode\nspike', 'analysis'],
      [undefined, '### Mode\nspike', 'spike'],
      [undefined, '', 'guarded'],
    ] as const)
      must('7 modes', modeByHand(asked, contractOf(body), POLICY) === mode, `the mode is not ${mode}`);
  }),
  check('the risk of a run by hand', () => {
    for (const [body, labels, level] of [
      ['', [], 'low'],
      ['the payment page', [], 'medium'],
      ['', ['Security'], 'high'],
      ['### Risk\nmedium', [], 'medium'],
    ] as const) {
      const issue = { title: 'A title', body, labels };
      const found = entryRiskByHand(issue, contractOf(body), POLICY).level;
      must('7 bound', found === level, `${found} instead of ${level}`);
    }
    const floor = { level: 'medium', reasons: ['so'] } as const;
    for (const [path, end, level] of [
      ['src/a.js', {}, 'medium'],
      ['src/a.js', { raisedRisk: 'low' }, 'medium'],
      ['db/schema.sql', {}, 'high'],
      ['src/a.js', { raisedRisk: 'high' }, 'high'],
    ] as const) {
      const found = riskByHand(floor, { paths: [path], end }, POLICY).level;
      must('7 bound', found === level, `${found} instead of ${level} for ${path}`);
    }
  }),
  check('the verdict on a run by hand', () => {
    const gives = (part: Partial<DoneByHand>, outcome: string, why: string): void => {
      const done: DoneByHand = { mode: 'guarded', end: { ending: 'patch' }, refusals: [], checks: undefined };
      const verdict = verdictByHand({ ...done, ...part });
      const isRight = verdict.outcome === outcome && verdict.why === why;
      must('7 proven', isRight, `${verdict.outcome}: ${verdict.why}, instead of ${outcome}: ${why}`);
    };
    gives({ checks: [BEFORE, checkOf()] }, 'verified', 'all checks gave the expected result');
    for (const [checks, why] of FAILED_CHECKS) gives({ checks }, 'no', why);
    const refusals = [{ path: 'a', reason: 'a symlink' }];
    gives({ refusals, checks: [BEFORE, checkOf()] }, 'no', 'the change was refused: a: a symlink');
    const { analysis, crashed } = ENDING_RULES;
    gives({ mode: 'analysis', end: { ending: 'analysis' } }, 'delivered', analysis.meaning);
    gives({ end: { ending: 'crashed' } }, 'no', crashed.meaning);
  }),
];
