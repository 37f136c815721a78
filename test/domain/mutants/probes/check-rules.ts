/** The rules about CI, one by one: what counts as a report, what follows from it, and when it is read. */
import { isOwnCheck, ownCheckIn } from '../../../../src/domain/own-check.ts';
import { failingNames, latestReports, type ReportedCheck } from '../../../../src/domain/check-report.ts';
import {
  areChecksReadable,
  asksForChecks,
  checksReadableAt,
  checksVerdict,
  judgedChecks,
} from '../../../../src/domain/checks.ts';
import { checksLines, checksText } from '../../../../src/domain/checks-text.ts';
import { evolve } from '../../../../src/domain/evolve/evolve.ts';
import { gateReasons } from '../../../../src/domain/gate.ts';
import { pollMs } from '../../../../src/domain/poll.ts';
import { projection } from '../../../../src/domain/projection.ts';
import type { IssueState } from '../../../../src/domain/state.ts';
import type { ChecksPolicy } from '../../../../src/domain/policy.ts';
import { nextUpkeep, upkeepDueAt } from '../../../../src/domain/upkeep.ts';
import { viewOf } from '../../../../src/domain/view.ts';
import { must, mustBe } from '../../life/invariants.ts';
import { AUTO, check, type Probe, Scene } from '../scene.ts';
import { omit } from '../../../../src/domain/omit.ts';

const MINUTE_MS = 60_000;
const REQUIRED: ChecksPolicy = { required: ['test'] };

/** Before the merge gate, after all that happens at once. */
const at = (checks: ChecksPolicy = REQUIRED): Scene => new Scene({ ...AUTO, checks }).flow();

const report = (part: Partial<ReportedCheck> = {}): ReportedCheck => ({
  ...{ name: 'test', source: 'check-run', app: 'github-actions', appId: 1, state: 'passed' },
  ...{ detail: 'success', id: 1, attempt: '1' },
  ...part,
});

/** The state at the merge gate, with these reports of its head. */
function reading(
  reported: readonly ReportedCheck[],
  more: Partial<NonNullable<IssueState['checks']>> = {},
  checks: ChecksPolicy = REQUIRED,
): IssueState {
  const { state } = at(checks).world;
  const { checks: read } = state;
  if (read === undefined) throw new Error('the checks were not read');
  return { ...state, checks: { ...read, reported, ...more } };
}

const kindOf = (state: IssueState): string => checksVerdict(state).kind;

export const CHECK_RULE_PROBES: readonly Probe[] = [
  check('who asks for checks', () => {
    const { state } = at().world;
    const { repository, policy } = state;
    if (repository === undefined || policy === undefined) throw new Error('nothing was read');
    const bare = { policy: { ...policy, checks: {} }, repository };
    must('21 in vain', asksForChecks(state) && !asksForChecks(bare), 'an empty policy asks');
    must(
      '7 checks',
      asksForChecks({ ...bare, repository: { ...repository, isProtected: true } }),
      'rules do not ask',
    );
    const target = { branch: 'other', head: 'h' };
    const elsewhere = { ...repository, isProtected: true as const, target };
    must('21 in vain', !asksForChecks({ ...bare, repository: elsewhere }), 'rules of another branch ask');
    const there = { ...repository, target: { ...target, isProtected: true as const } };
    must('7 checks', asksForChecks({ ...bare, repository: there }), 'rules of the target do not ask');
  }),
  check('when checks are read', () => {
    const state = reading([report()]);
    const read = state.checks;
    if (read === undefined) throw new Error('nothing was read');
    must('19 read', areChecksReadable(state), 'they are not read again');
    must(
      '21 in vain',
      !areChecksReadable({ ...state, checks: { ...read, required: [] } }),
      'read although nothing is required',
    );
    const without = omit(state, 'pullRequest');
    must('21 in vain', !areChecksReadable(without), 'read without a pull request');
    must('21 in vain', !areChecksReadable({ ...state, pushed: 'other' }), 'read before the push');
    const merge = { commit: 'm', head: 'h', at: 1, by: { kind: 'rule', name: 'x' } } as const;
    must('21 in vain', !areChecksReadable({ ...state, merge }), 'read after the merge');
    const soon = checksReadableAt({ ...state, checks: { ...read, times: 2 } }) - read.readAt;
    const late = checksReadableAt({ ...state, checks: { ...read, times: 1_000 } }) - read.readAt;
    must('21 rests', soon === 2_000 && late === 30_000, `read again after ${soon} and ${late} ms`);
    const news: IssueState = { ...state, due: { checks: 1 }, at: read.readAt };
    must('21 rests', nextUpkeep(news)?.kind !== 'look', 'news of checks is read at once');
    must('21 rests', (upkeepDueAt(news) ?? 0) > news.at, 'nobody comes back for the news');
    must(
      '19 read',
      nextUpkeep({ ...news, at: read.readAt + MINUTE_MS })?.kind === 'look',
      'news is not read',
    );
    const gone = { checks: { ...read, head: 'older' } };
    must('19 read', checksReadableAt({ ...state, ...gone }) === 0, 'a new head waits for the old one');
    mustBe(
      '21 rests',
      [pollMs(0, { min: 2, max: 9 }), pollMs(20, { min: 2, max: 9 }), pollMs(80, { min: 2, max: 9 })],
      [2, 5, 9],
    );
  }),
  check('what counts as a verdict', () => {
    const judge = (reported: readonly ReportedCheck[], checks?: ChecksPolicy, more = {}): string =>
      kindOf(reading(reported, more, checks));
    mustBe('7 checks', judge([report()]), 'passed');
    mustBe('7 checks', judge([report({ name: 'other' })]), 'waiting');
    mustBe('7 checks', judge([report(), report({ app: 'x', state: 'pending' })]), 'waiting');
    mustBe('7 checks', judge([report(), report({ app: 'x', state: 'unclear' })]), 'unclear');
    mustBe('7 checks', judge([report({ state: 'unclear' }), report({ app: 'x', state: 'failed' })]), 'rerun');
    mustBe('21 in vain', judge([report({ source: 'status', state: 'failed' })]), 'failed');
    mustBe('21 in vain', judge([report({ state: 'failed' })], { ...REQUIRED, rerun: false }), 'failed');
    const only = { ...REQUIRED, apps: ['ci'] };
    mustBe('7 checks', judge([report({ app: 'ci' })], only), 'passed');
    mustBe('7 checks', judge([report({ app: 'other' })], only), 'waiting');
    const status = omit(report({ source: 'status' }), 'app');
    mustBe('7 checks', judge([status], only), 'waiting');
    const required = [{ name: 'test', appId: 7 }];
    mustBe('7 checks', judge([report({ appId: 7 })], REQUIRED, { required }), 'passed');
    mustBe('7 checks', judge([report({ appId: 8 })], REQUIRED, { required }), 'waiting');
    mustBe('21 in vain', judge([report({ source: 'status' })], REQUIRED, { required }), 'passed');
  }),
  check('what may not be read', () => {
    const unreadable = 'the credential may not read check runs';
    const judge = (byPolicy: boolean): string =>
      kindOf(reading([], { unreadable, required: [{ name: 'test', ...(byPolicy ? { byPolicy } : {}) }] }));
    mustBe('21 told', judge(true), 'unclear');
    mustBe('21 in vain', judge(false), 'passed');
  }),
  check('a check that was asked to run again', () => {
    const failed = report({ state: 'failed' });
    const base = reading([failed]);
    const head = base.pushed ?? '';
    const rerun = { head, name: 'test', attempt: '1', at: base.at };
    const with_ = (part: object, reported = [failed], later = 0): IssueState => ({
      ...reading(reported),
      reruns: [{ ...rerun, ...part }],
      at: base.at + later,
    });
    mustBe('21 in vain', kindOf(with_({})), 'waiting');
    mustBe('21 told', kindOf(with_({ problem: 'no' })), 'failed');
    mustBe('21 told', kindOf(with_({}, [failed], 16 * MINUTE_MS)), 'failed');
    mustBe('21 told', kindOf(with_({}, [report({ state: 'failed', attempt: '2' })])), 'failed');
    mustBe('21 in vain', kindOf(with_({ head: 'other' })), 'rerun');
    mustBe('21 in vain', kindOf(with_({ name: 'other' })), 'rerun');
    const passed = [report({ attempt: '2' })];
    const flaky = (state: IssueState): boolean => judgedChecks(state).some(({ isFlaky }) => isFlaky);
    must('21 told', flaky(with_({}, passed)), 'a flaky check is not named');
    must('21 told', gateReasons(with_({}, passed), 'merge').length === 2, 'the approver is not told');
    must('21 in vain', !flaky(with_({ problem: 'no' }, passed)), 'it never ran again');
    must('21 in vain', !flaky(reading(passed)), 'it never failed');
    must('21 in vain', gateReasons(reading(passed), 'merge').length === 1, 'a good check is named');
  }),
  check('late and failed checks', () => {
    const waiting = [report({ state: 'pending' })];
    const late = (reported: readonly ReportedCheck[], more = {}): IssueState => {
      const state = reading(reported, more, { required: ['test', 'lint'] });
      return { ...state, at: state.at + 3 * 60 * MINUTE_MS };
    };
    mustBe('21 told', kindOf(late(waiting)), 'late');
    mustBe('21 told', kindOf(late([report({ name: 'lint', state: 'failed' })])), 'rerun');
    mustBe(
      '21 in vain',
      kindOf(late([report({ name: 'lint', state: 'failed' })], { failingOnBase: ['lint'] })),
      'broken',
    );
    mustBe(
      '21 in vain',
      kindOf(late([report({ name: 'lint', state: 'failed' })], { failingOnBase: ['other'] })),
      'rerun',
    );
  }),
  check('reports of one commit', () => {
    const latest = latestReports([
      report({ id: 2 }),
      report({ id: 1, state: 'failed' }),
      report({ app: 'x', id: 1 }),
    ]);
    mustBe(
      '7 checks',
      latest.map(({ id, app }) => [id, app]),
      [
        [2, 'github-actions'],
        [1, 'x'],
      ],
    );
    mustBe('21 in vain', failingNames([report({ state: 'failed' }), report({ name: 'b' })]), ['test']);
    mustBe('21 in vain', failingNames([report({ state: 'failed' }), report({ app: 'x' })]), []);
    must(
      '7 checks',
      isOwnCheck({ name: 'signalbox/x' }, 'a') && isOwnCheck({ name: 'x', app: 'a' }, 'a[bot]'),
      'our own report counts',
    );
    must(
      '7 checks',
      !isOwnCheck({ name: 'x', app: 'a' }, 'a') && !isOwnCheck({ name: 'x' }, '[bot]'),
      'a report of others is ours',
    );
    mustBe('21 told', [ownCheckIn(['a', 'signalbox/x']), ownCheckIn(['a'])], ['signalbox/x', undefined]);
  }),
  check('what is said of checks', () => {
    const many = Array.from({ length: 7 }, (_, n) => ({ name: `c${n}`, detail: 'failure' }));
    must('21 named', checksText(many).endsWith('c4 (failure), 2 more'), checksText(many));
    must('21 named', !checksText(many.slice(0, 5)).includes('more'), 'too many are promised');
    const pending = reading([report({ state: 'pending', detail: 'queued' })]);
    mustBe('21 shown', checksLines(pending), ['waiting for the required checks: test (queued)']);
    must('21 shown', viewOf(pending).checks?.length === 1, 'the view does not say it');
    must(
      '21 shown',
      projection(pending).comment.includes('CI: waiting for the required checks'),
      'nobody reads it',
    );
    const passed = reading([report()]);
    mustBe('21 shown', checksLines(passed), []);
    must('21 shown', !('checks' in viewOf(passed)), 'the view says nothing');
    const unread = omit(passed, 'checks');
    must(
      '21 shown',
      /have not been read/.test(checksLines(unread).join()),
      'nothing is said before they are read',
    );
    const failedInCi = { attempt: 1, head: 'abc', checks: [{ name: 'test', detail: 'failure' }] };
    mustBe('21 shown', checksLines({ ...passed, failedInCi }), [
      'required checks failed on abc: test (failure)',
    ]);
  }),
  check('readings of other heads, and records of changes only', () => {
    const state = reading([report({ state: 'pending' })]);
    const { checks: read } = state;
    if (read === undefined) throw new Error('nothing was read');
    const see = (from: IssueState, part: object): IssueState =>
      evolve(from, {
        ...{ type: 'observed', at: from.at + 1 },
        observation: {
          facets: ['checks'],
          checks: { head: read.head, required: read.required, reported: [report()], ...part },
        },
      });
    mustBe('19 read', see(state, { head: 'other' }).checks, read);
    const passed = see(state, {});
    must(
      '16 audit',
      /the required checks passed/.test(passed.audit.records.map(({ cause }) => cause).join()),
      'not recorded',
    );
    const again = see(passed, {});
    must('16 audit', again.audit.nextSeq === passed.audit.nextSeq, 'recorded twice');
    mustBe('21 told', [passed.checks?.since, passed.checks?.times], [read.since, read.times + 1]);
    const none = see(state, { required: [] });
    must(
      '16 audit',
      !/checks passed/.test(
        none.audit.records
          .slice(-1)
          .map(({ cause }) => cause)
          .join(),
      ),
      'nothing passed',
    );
  }),
];
