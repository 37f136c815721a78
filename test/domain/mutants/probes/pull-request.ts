/** What readers of the pull request and of its commit are shown, and when. */
import { checkLines } from '../../../../src/domain/check-table.ts';
import { evidenceReport } from '../../../../src/domain/evidence-report.ts';
import { titleFormProblem, pullRequestTitle } from '../../../../src/domain/pull-request-title.ts';
import { evidenceText, pullRequestBody } from '../../../../src/domain/pull-request-text.ts';
import { REVIEWED_PATHS_MAX, reviewedNow } from '../../../../src/domain/since-review.ts';
import { omit } from '../../../../src/domain/omit.ts';
import type { IssueState } from '../../../../src/domain/state.ts';
import type { Reviewed } from '../../../../src/domain/state/publication.ts';
import type { CheckResult, Evidence, EvidenceBrief } from '../../../../src/domain/state/work.ts';
import { checkOf, issueOf } from '../../life/fixtures.ts';
import { must } from '../../life/invariants.ts';
import { AUTO, check, type Probe, probe, Scene, type Setting } from '../scene.ts';

const atMerge = (setting: Setting = AUTO): IssueState => new Scene(setting).until('merge').world.state;

function shows(text: string, ...parts: readonly string[]): void {
  for (const part of parts) must('21 shown', text.includes(part), `“${part}” is not in “${text}”`);
}

function hides(text: string, ...parts: readonly string[]): void {
  for (const part of parts) must('21 in vain', !text.includes(part), `“${part}” is in “${text}”`);
}

const BRIEF: EvidenceBrief = {
  contract: 'sha256:c',
  problem: 'it is late',
  expected: 'it is in time',
  proven: ['npm test'],
  tests: ['12 before, 13 now'],
  skipped: ['lint'],
  remainingRisks: [],
  stopConditionsMet: [],
  workerCommands: { ran: 0, failed: 0 },
  owed: ['a deployment'],
};

function withEvidence(state: IssueState, part: Partial<Evidence>): IssueState {
  const { evidence } = state;
  if (evidence === undefined) throw new Error('there is no evidence');
  return { ...state, evidence: { ...evidence, ...part } };
}

function withChecks(state: IssueState, ...checks: readonly CheckResult[]): IssueState {
  const { verification } = state;
  if (verification === undefined) throw new Error('there is no verification');
  return { ...state, verification: { ...verification, checks } };
}

function titled(title: string | undefined, of = 'One'): string {
  const state = atMerge({ ...AUTO, github: { issue: issueOf({ title: of }) } });
  const { policy } = state;
  if (policy === undefined) throw new Error('there is no policy');
  const pullRequest = title === undefined ? {} : { pullRequest: { title } };
  return pullRequestTitle({ ...state, policy: { ...policy, ...pullRequest } });
}

const is = (found: string | undefined, due: string | undefined, what: string): void => {
  must('21 shown', found === due, `${what}: ${found ?? ''}, not ${due ?? ''}`);
};

export const PULL_REQUEST_PROBES: readonly Probe[] = [
  probe('the evidence is published, and again for another change', { ...AUTO, evidence: 'status' }, life =>
    life.until('merge').review('ben', 'changes-requested').flow().review('ben', 'approved').flow(),
  ),
  probe('the evidence of a spike is published nowhere', { mode: 'spike', evidence: 'check' }, life =>
    life.until('start').approve().flow(),
  ),
  probe('publishing the evidence keeps failing', { ...AUTO, evidence: 'check' }, life => {
    life.untilEffect('publish-evidence').act('the effect keeps failing').flow();
    life.act('the wait is over').flow().until();
  }),
  probe('the evidence cannot be published', { ...AUTO, evidence: 'check' }, life => {
    life.untilEffect('publish-evidence').fail('GitHubForbidden').flow();
    life.decide('ann', { kind: 'retry' }).until();
  }),
  check('the evidence that is published', () => {
    const life = new Scene({ ...AUTO, evidence: 'check' }).untilEffect('publish-evidence');
    const { effect } = life;
    if (effect.kind !== 'publish-evidence') throw new Error('no evidence is published');
    is(effect.url, life.world.state.subject?.url, 'the address of the evidence');
    is(effect.as, 'check', 'the place of the evidence');
    life.until('merge');
    must('20 seen once', life.world.state.evidencePublished === effect.digest, 'it is not remembered');
  }),
  check('the evidence on the commit', () => {
    const state = withEvidence(atMerge(), { brief: BRIEF });
    const report = (concerns: readonly string[], ...checks: readonly CheckResult[]) => {
      const known = withEvidence(withChecks(state, ...checks), { concerns });
      if (known.evidence === undefined) throw new Error('there is no evidence');
      return evidenceReport(known, known.evidence);
    };
    const good = checkOf({ passed: true, expected: 'pass' });
    const failing = checkOf({ passed: false, expected: 'pass', exitCode: 3, name: 'lint @ann' });
    const green = report([], good);
    is(green.conclusion, 'success', 'a good change');
    shows(green.title, '1 of 1 checks as expected, no concerns; evidence ');
    is(String(green.annotations.length), '0', 'annotations of a good change');
    is(report(['flaky'], good).conclusion, 'neutral', 'a change with a concern');
    const red = report(['flaky'], good, failing);
    is(red.conclusion, 'failure', 'a change with a failed check');
    shows(red.title, '1 of 2 checks as expected, 1 concerns');
    const [first] = red.annotations;
    is(first?.title, 'lint @ ann', 'the name of a failed check');
    shows(first?.message ?? '', 'failed (exit 3), not as expected; output ');
    is(
      String(report([], ...Array<CheckResult>(60).fill(failing)).annotations.length),
      '50',
      'the first ones',
    );
    const text = evidenceText(state);
    shows(text, '## Evidence', '## Not checked', '## Risk', 'not checked: lint');
    hides(text, '## Files', '## How to decide', '## Cost', '## What and why');
    is(text.slice(0, 11), '## Evidence', 'its first line');
  }),
  check('the parts of the pull request', () => {
    const state = atMerge();
    const body = pullRequestBody(withEvidence(state, { brief: BRIEF }));
    shows(
      body,
      '- the issue: it is late',
      '- expected: it is in time',
      '- the change, according to its maker: did',
    );
    shows(body, '- tests that ran: 12 before, 13 now', '- contract: `sha256:c`', '- not checked: lint');
    hides(body, 'commands run by the agent', '## Since the last review', ' attempts: ', ' (),');
    hides(pullRequestBody(state), '- the issue:', '- expected:', '- contract:');
    shows(pullRequestBody(state), 'the release must be verified after the merge');
    const silent = state.runs.map(run =>
      run.end === undefined ? run : { ...run, end: { ...run.end, summary: '' } },
    );
    hides(pullRequestBody({ ...state, runs: silent }), '## What and why');
    shows(pullRequestBody(omit(state, 'projected')), 'asked now: the status comment of the issue');
    shows(body, 'asked now: [the status comment](', 'in a review of `', 'exactly this commit is merged');
    const deaf = pullRequestBody(atMerge({ ...AUTO, sources: ['temporal'], mergeBy: 'person' }));
    shows(deaf, 'to decide: `signalbox show acme/shop#7`', 'a person merges');
    hides(deaf, 'in a review');
    const where = { listedMax: 1, where: 'there' };
    is(checkLines([checkOf({}), checkOf({})], where).at(-1), '- and 1 more: there', 'more checks');
    is(String(checkLines([checkOf({})], where).length), '3', 'one check');
  }),
  check('the cost in the pull request', () => {
    const state = atMerge();
    const [run] = state.runs;
    if (run?.end === undefined) throw new Error('there was no run');
    const { end } = run;
    const long = { ...run, startedAt: end.endedAt - 90_000 };
    const twice = pullRequestBody({ ...state, runs: [{ ...run, runId: 'g1-a0', attempt: 0 }, long] });
    shows(twice, '- attempt 1: 0.1000 USD', ', 1.5 minutes', '- all 2 attempts: 0.2000 USD');
    const by = { kind: 'person', login: 'ann', how: 'github-comment' } as const;
    const adopted = { head: 'h', total: 1, commits: [], authors: [], by };
    hides(pullRequestBody({ ...state, runs: [{ ...run, adopted }] }), '- attempt 1:');
  }),
  check('what changed since the last review', () => {
    const state = atMerge();
    const { change } = state;
    if (change === undefined) throw new Error('there is no change');
    const before = { by: 'ben', said: 'approved', head: 'older', base: 'base-0', paths: ['a.ts'] } as const;
    const since = (part: Partial<Reviewed>, more: Partial<IssueState> = {}): string =>
      pullRequestBody({ ...state, ...more, reviewed: { ...before, ...part } });
    shows(since({}), '## Since the last review', '- ben approved another commit (`older` then, ');
    shows(since({}), `https://git.example/shop/compare/older..${change.commit})`);
    shows(since({}), 'the base moved from `base-0` to `base-1`', '- new: `src/price.ts`', 'changed: `a.ts`');
    shows(since({ said: 'changes-requested' }), '- ben requested changes (');
    hides(since({ head: change.commit }), '## Since');
    hides(since({ base: 'base-1' }), 'the base moved');
    hides(since({ more: true }), '- new: ');
    hides(since({ paths: ['src/price.ts'] }), '- new: ', '- no longer changed: ');
    shows(since({ paths: Array.from({ length: 30 }, (_, at) => `f${at}`) }), '- and 11 more: ');
    hides(pullRequestBody({ ...omit(state, 'repository'), reviewed: before }), 'what changed]');
    const files = Array.from({ length: REVIEWED_PATHS_MAX + 1 }, (_none, at) => ({
      path: `f${at}`,
      status: 'added' as const,
    }));
    const many = reviewedNow({ ...state, change: { ...change, files } }, 'ben', 'approved');
    is(String(many?.paths.length), String(REVIEWED_PATHS_MAX), 'the paths that are kept');
    must('21 shown', many?.more === true, 'the rest is not known to be missing');
    const few = reviewedNow(state, 'ben', 'approved');
    must('21 shown', few !== undefined && few.more === undefined, 'something is said to be missing');
    must(
      '21 in vain',
      reviewedNow(omit(state, 'change'), 'ben', 'approved') === undefined,
      'nothing was reviewed',
    );
  }),
  check('the reviewed change is kept', () => {
    const asked = new Scene(AUTO).until('merge').review('ben', 'changes-requested').flow().world.state;
    must('21 shown', asked.reviewed?.said === 'changes-requested', 'a request for changes is not kept');
    const life = new Scene(AUTO).until('merge');
    const head = life.world.state.change?.commit;
    const given = life.review('ben', 'approved').flow().world.state.reviewed;
    must('21 shown', given?.said === 'approved' && given.head === head, 'an approval is not kept');
    is(given?.by, 'ben', 'the reviewer');
  }),
  check('forms of the title', () => {
    is(titled(undefined), 'One (#7)', 'the usual title');
    is(titled('fix: {title} {issue}'), 'fix: One (#7)', 'a form');
    is(titled('{issue}: {title}'), '(#7): One', 'a form');
    is(titled('[{risk}, {mode}] {title}'), '[low, auto-run] One', 'a form');
    is(titled('a {issue} b {title}'), 'a (#7) b One', 'a form');
    is(titled(`${'😀'.repeat(80)} {title}`, 'x'.repeat(120)), `${'x'.repeat(120)} (#7)`, 'a long title');
    must('14 inert', titled('@{title}', 'octo') === '@ octo', 'a mention is live');
    must('14 inert', titled('Fixes #1 {title}') === 'Fixes # 1 One', 'a keyword is live');
    is(titleFormProblem('{title} {issue} {risk} {mode}'), undefined, 'a good form');
    for (const bad of ['{title} {number}', '{title} {toString}', '{issue}', '{title}{title}'])
      must('21 told', titleFormProblem(bad) !== undefined, `${bad} is taken`);
    must('21 told', titleFormProblem('{title} {x}')?.includes('{x}') === true, 'it is not named');
    is(pullRequestTitle(omit(atMerge(), 'subject')), 'Issue 7 (#7)', 'a title without a subject');
  }),
];
