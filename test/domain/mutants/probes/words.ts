/** The words that people act on: who must do what and why, what the release owes, what a run recorded. */
import { type BoxFacts, boxInRecord, boxText, type RecordedBox } from '../../../../src/domain/box-facts.ts';
import { owedAfterMerge, skippedByScheduler } from '../../../../src/domain/evidence.ts';
import { ENDING_RULES } from '../../../../src/domain/ending.ts';
import type { Policy } from '../../../../src/domain/policy.ts';
import type { IssueState } from '../../../../src/domain/state.ts';
import type { BaseRun, CheckResult, RunEnd } from '../../../../src/domain/state/work.ts';
import type { ObservedReview } from '../../../../src/domain/observation.ts';
import { isInFlight } from '../../life/lanes-check.ts';
import { omit } from '../../../../src/domain/omit.ts';
import { nextUpkeep } from '../../../../src/domain/upkeep.ts';
import { checkOf, type Name, PEOPLE, policyOf } from '../../life/fixtures.ts';
import { type Invariant, must } from '../../life/invariants.ts';
import { after, AUTO, check, type Probe, probe, Scene, type Setting } from '../scene.ts';

const names = (invariant: Invariant, text: string, ...parts: readonly string[]): void => {
  for (const part of parts) must(invariant, text.includes(part), `“${part}” is not in “${text}”`);
};

function held(life: Scene): { readonly who: string; readonly what: string; readonly why: string } {
  const step = life.step();
  if (step.kind !== 'hold') throw new Error(`it is not held: ${step.kind}`);
  const { who, what, why } = step.hold;
  return { who, what, why: why.join('\n') };
}

const release = (part: Partial<Policy['release']>): Policy => {
  const policy = policyOf();
  return { ...policy, release: { ...policy.release, ...part } };
};
const verification = (part: Partial<Policy['verification']>): Policy => {
  const policy = policyOf();
  return { ...policy, verification: { ...policy.verification, ...part } };
};
const BOX: BoxFacts = { name: 'bubblewrap', guards: ['seccomp'], gaps: [], problems: [] };
const WEAK_BOX: BoxFacts = { ...BOX, gaps: ['memory'], problems: ['does not hold against: dns'] };
const CHECK = checkOf({ on: 'base', expected: 'fail', passed: false, exitCode: 1 });

/** The record and the end of a run with this end, in the mode of the setting. */
function ended(
  setting: Setting,
  part: Partial<RunEnd>,
): { readonly cause: string; readonly end: RunEnd | undefined } {
  const { state } = new Scene(setting).untilEffect('run-agent').world;
  const usage = { inputTokens: 0, outputTokens: 0, costUsd: 0 };
  const end: RunEnd = { ending: 'crashed', endedAt: 0, summary: 's', usage, account: 'told', ...part };
  const next = after(state, { type: 'run-ended', runId: state.runs.at(-1)?.runId ?? '', end });
  const cause = next.audit.records.findLast(({ cause: text }) => text.startsWith('run '))?.cause ?? '';
  return { cause, end: next.runs.at(-1)?.end };
}

/** The record of a refused change whose run was in this box. */
function refusedCause(box: RecordedBox): string {
  const { state } = new Scene(AUTO).untilEffect('build-change').world;
  const runs = state.runs.map(run => (run.end === undefined ? run : { ...run, end: { ...run.end, box } }));
  const refusals = [{ path: 'a', reason: 'no' }];
  const runId = runs.at(-1)?.runId ?? '';
  const next = after({ ...state, runs }, { type: 'change-refused', runId, refusals });
  return next.audit.records.findLast(({ cause }) => cause.includes('was refused'))?.cause ?? '';
}

function verifiedCause(...checks: readonly CheckResult[]): string {
  const { state } = new Scene(AUTO).untilEffect('verify-change').world;
  const commit = state.change?.commit ?? '';
  const next = after(state, { type: 'verified', verification: { commit, checks } });
  return next.audit.records.findLast(({ cause }) => cause.startsWith('verified'))?.cause ?? '';
}

function reviewed(by: Name, ...parts: readonly Partial<ObservedReview>[]): IssueState {
  const { state } = new Scene(AUTO).until('merge').decide('ann', { kind: 'pause' }).flow().world;
  const { account: author, role } = PEOPLE[by];
  const commit = state.change?.commit ?? null;
  return parts.reduce((so, part) => {
    const review = {
      reviewId: 5,
      author,
      role,
      state: 'approved',
      commit,
      body: 'sha256:b',
      ...part,
    } as const;
    const { pullRequest } = so;
    if (pullRequest === undefined) throw new Error('there is no pull request');
    const observation = {
      facets: ['pull-request'] as const,
      pullRequest: { ...pullRequest, reviews: [review] },
    };
    return after(so, { type: 'observed', observation });
  }, state);
}

export const WORD_PROBES: readonly Probe[] = [
  check('what the release owes is listed', () => {
    const all = {
      verify: 'deployment',
      environment: 'live',
      probes: ['https://x.example/up'],
      soakMs: 120_000,
    } as const;
    const owed = owedAfterMerge(release({ ...all, signOffFromRisk: 'medium' }));
    names(
      '6 release',
      owed.join('\n'),
      'default branch',
      'deployment to live',
      'x.example',
      '2 minutes',
      'risk medium',
    );
    const plain = owedAfterMerge(release({ signOffFromRisk: 'never' }));
    must('6 release', plain.length === 1, `more than the merge is owed: ${plain.join()}`);
  }),
  check('skipped checks are listed', () => {
    const skipped = (part: Partial<Policy['verification']>, ...checks: readonly CheckResult[]): string =>
      skippedByScheduler({ checks }, verification(part))
        .map(({ check: what, why }) => `${what}: ${why}`)
        .join('\n');
    names('7 proven', skipped({}), 'verification commands: the policy names none', 'names no testCommand');
    const commands = [{ name: 'test', command: 'npm test' }] as never;
    names('7 proven', skipped({ commands, testCommand: 'npm test' }), 'no test was added or changed');
    const nothing = skipped({ commands, testCommand: 'npm test' }, CHECK);
    must('7 proven', nothing === '', `a check that ran is listed as skipped: ${nothing}`);
    const { name, command, passed, exitCode, durationMs, output } = CHECK;
    const run = { ...{ name, command, passed, exitCode, durationMs, output }, name: 'unit' };
    const policy = verification({ commands: [{ name: 'unit', run: 'npm test' }], testCommand: 'npm test' });
    const uncounted = (...baseRuns: readonly BaseRun[]): string =>
      JSON.stringify(skippedByScheduler({ checks: [CHECK], baseRuns }, policy));
    for (const text of [uncounted(), uncounted(run), uncounted({ ...run, name: 'lint', tests: 3 })])
      names('7 proven', text, 'number of tests before the change: unit', 'unknown');
    must('7 proven', uncounted({ ...run, tests: 3 }) === '[]', 'a known number is listed as unknown');
  }),
  check('the commands of each gate', () => {
    const life = new Scene({ publish: 'always', signOff: 'low', owner: 'ann' });
    const asked = (gate: string): string => held(life.until(gate)).what;
    names('21 named', asked('start'), '/approve start ', '/reject');
    names('21 named', asked('publish'), '/approve publish ', '/reject');
    names('21 named', asked('merge'), 'in a review', '/approve merge ', '/reject');
    names('21 named', asked('release'), '/approve release ', '/verify-release');
  }),
  check('the reasons of a hold after a run', () => {
    const why = (run: Setting['run']): string =>
      held(new Scene({ ...AUTO, ...(run ? { run } : {}) }).flow()).why;
    names('21 named', why({ ending: 'crashed' }), 'attempts are used up', ENDING_RULES.crashed.meaning);
    names('21 named', why({ ending: 'blocked' }), ENDING_RULES.blocked.meaning);
    names(
      '21 named',
      why({ ending: 'analysis' }),
      ENDING_RULES.analysis.meaning,
      'although a change was requested',
    );
  }),
  probe('a person pushes after an approval', AUTO, life => {
    life.until('merge').decide('ann', { kind: 'pause' }).review('ben', 'approved').flow();
    life.told('a person pushes', 0).flow().decide('ann', { kind: 'resume' }).flow();
    names(
      '7 told',
      held(life).why,
      'were not verified',
      `the approval by ben covers only ${life.world.state.pushed?.slice(0, 12) ?? '?'}`,
    );
  }),
  check('the author of an invalid review is told why', () => {
    const told = (...given: Parameters<typeof reviewed>): string =>
      JSON.stringify(reviewed(...given).refusedDecision ?? '');
    must('21 in vain', told('robot', {}) === '""', 'a bot is answered');
    const { change, audit } = reviewed('ben', {});
    const record = audit.records.find(({ cause }) => cause.startsWith('ben approved'));
    must('16 audit', record?.digests['head'] === change?.commit, 'the record of a review names no head');
    names('21 told', told('reader', {}), '"reader"', '"approve"', 'has the role read');
    names('21 told', told('reader', { state: 'changes-requested' }), '"reject"');
    names('21 told', told('ben', {}, { state: 'dismissed' }), 'the review was dismissed');
    names('21 told', told('ben', {}, { role: { kind: 'unreadable', why: '500' } }), 'could not be read');
    names('21 told', told('ben', {}, { role: { kind: 'role', role: 'read' } }), 'is no longer sufficient');
  }),
  check('the records of a run', () => {
    const boxed = ended(AUTO, { box: BOX });
    names('16 audit', boxed.cause, '(box: bubblewrap)', ENDING_RULES.crashed.meaning);
    must('16 audit', !ended(AUTO, {}).cause.includes('box'), 'an unknown box is named');
    names('16 audit', refusedCause(BOX), '(box: bubblewrap)');
    names('16 audit', boxInRecord(WEAK_BOX), 'bubblewrap; not given: memory; does not hold against: dns');
    must('16 audit', boxText(BOX) === 'bubblewrap: seccomp', 'a box without gaps is named with gaps');
    must('16 audit', boxText('as kept') === 'as kept', 'a box of an older record is named in another way');
    must(
      '16 audit',
      boxInRecord('as kept') === 'as kept',
      'a box of an older record is recorded in another way',
    );
    must('7 modes', boxed.end?.account === undefined, 'a report is kept next to a pull request');
    const report = ended({ mode: 'analysis' }, { ending: 'analysis' }).end?.account;
    must('7 modes', report === 'told', 'the report of an analysis is not kept');
    names('16 audit', verifiedCause(CHECK), '1 checks as expected');
    names('16 audit', verifiedCause(CHECK, { ...CHECK, passed: true }), '1 of 2 checks not as expected');
  }),
  check('a run is projected', () => {
    const { state } = new Scene(AUTO).untilEffect('run-agent').world;
    const unprojected = omit(state, 'projected');
    must('21 shown', nextUpkeep(unprojected)?.kind === 'project', 'a run is not projected');
  }),
  probe('the policy changes what a run may cost', AUTO, life => {
    life.untilEffect('run-agent');
    const { policy } = life.world.state;
    if (policy === undefined) throw new Error('there is no policy');
    life.forge({ policy: { ...policy, limits: { ...policy.limits, costUsdMax: 0.5 } } });
    const step = life.step();
    const isSame = isInFlight(life.world, step);
    must('19 undisturbed', isSame, 'a run is cancelled because the next one would have less money');
  }),
];
