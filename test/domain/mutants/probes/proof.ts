/** What a reviewer is told about checks: what proves nothing, what was edited, and when fewer tests ran. */
import { countText, evidenceConcerns, provenBy, testCounts } from '../../../../src/domain/evidence.ts';
import { omit } from '../../../../src/domain/omit.ts';
import type { CheckResult } from '../../../../src/domain/state/work.ts';
import { checkOf } from '../../life/fixtures.ts';
import { must } from '../../life/invariants.ts';
import { check, type Probe } from '../scene.ts';

const ran = (part: Partial<CheckResult>): CheckResult =>
  checkOf({ on: 'base', expected: 'fail', passed: false, exitCode: 1, ...part });
const HEAD = ran({ on: 'head', expected: 'pass', passed: true, exitCode: 0 });

/** Failures on the base that prove nothing. */
const EMPTY: readonly CheckResult[] = [
  ran({ flaky: true }),
  ran({ exitCode: null }),
  ran({ exitCode: 126 }),
  ran({ exitCode: 127 }),
];

const testsOf = (tests: number | undefined) => (tests === undefined ? {} : { tests });

function concernsOf(...checks: readonly CheckResult[]): number {
  return evidenceConcerns({ checks, notes: [], claims: { skippedChecks: 0, stopConditionsMet: [] } }).length;
}

export const PROOF_PROBES: readonly Probe[] = [
  check('checks that prove nothing are a concern', () => {
    must('21 in vain', concernsOf(ran({}), HEAD) === 0, 'a proof is a concern');
    for (const before of EMPTY)
      must('7 proven', concernsOf(before, HEAD) === 1, `no concern: exit ${before.exitCode ?? 'none'}`);
    must('7 proven', concernsOf(ran({}), { ...HEAD, flaky: true }) === 1, 'a flaky check is no concern');
    const notes = evidenceConcerns({
      checks: [HEAD],
      notes: ['a note'],
      claims: { skippedChecks: 0, stopConditionsMet: [] },
    });
    must('7 proven', notes.includes('a note'), 'a note of the verification is missing');
  }),
  check('tests that were edited are a concern when they no longer pass', () => {
    const former = { ...HEAD, on: 'head-with-base-tests', name: 'as they were' } as const;
    must('21 in vain', concernsOf(HEAD, former) === 0, 'a test that still passes is a concern');
    must(
      '7 proven',
      concernsOf(HEAD, { ...former, passed: false }) === 1,
      'an edited requirement is no concern',
    );
    must('7 proven', concernsOf(former) === 1, 'former tests count as a check of the commit');
  }),
  check('fewer tests than before are a concern', () => {
    const run = omit(HEAD, 'on', 'expected');
    const former = { ...HEAD, on: 'head-with-base-tests' } as const;
    const counted = (before: number | undefined, after: number | undefined): readonly string[] =>
      [[{ ...run, ...testsOf(before) }] as const, [] as const].flatMap((baseRuns, index) =>
        evidenceConcerns({
          checks: [
            { ...HEAD, ...testsOf(after) },
            ...(index === 0 ? [] : [{ ...former, ...testsOf(before) }]),
          ],
          ...{ baseRuns, notes: [], claims: { skippedChecks: 0, stopConditionsMet: [] } },
        }),
      );
    for (const [before, after] of [
      [5, 5],
      [5, 6],
      [0, undefined],
      [undefined, undefined],
      [undefined, 3],
    ] as const)
      must('21 in vain', counted(before, after).length === 0, `${before} and ${after} are a concern`);
    const [fewer = '', formerFewer = ''] = counted(5, 4);
    const [lost = '', formerLost = ''] = counted(5, undefined);
    for (const text of [fewer, formerFewer])
      must('7 proven', text.includes('4 instead of 5'), `fewer tests are no concern: ${text}`);
    for (const text of [lost, formerLost])
      must('7 proven', text.includes('does not say how many'), `a lost number is no concern: ${text}`);
    const other = testCounts([{ ...HEAD, command: 'another', tests: 1 }], [{ ...run, tests: 5 }]);
    must('21 in vain', other.length === 0, 'numbers of two commands are compared');
    must(
      '7 proven',
      testCounts([ran({ tests: 1 })], [{ ...run, tests: 5 }]).length === 0,
      'a base is a head',
    );
    const [count] = testCounts([HEAD], [run]);
    const text = count === undefined ? '' : countText(count);
    must('7 proven', text.endsWith(': unknown before the change, unknown with it'), `it says ${text}`);
  }),
  check('the proof of a change', () => {
    must('7 proven', provenBy([ran({}), HEAD]).length === 1, 'a proof is none');
    const none: readonly (readonly CheckResult[])[] = [
      ...EMPTY.map(before => [before, HEAD]),
      [ran({ passed: true }), HEAD],
      [ran({ expected: 'pass', passed: true }), HEAD],
      [ran({}), ran({ on: 'head' })],
      [ran({ on: 'head' }), HEAD],
      [ran({})],
      [ran({}), { ...HEAD, command: 'another' }],
      [ran({}), { ...HEAD, passed: false }],
      [ran({}), { ...HEAD, flaky: true }],
      [ran({}), ran({ expected: 'pass', passed: true })],
    ];
    for (const checks of none)
      must('7 proven', provenBy(checks).length === 0, `it proves something: ${JSON.stringify(checks)}`);
  }),
];
