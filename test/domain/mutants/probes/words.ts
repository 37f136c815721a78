/** Checks of the words that people act on: who is asked, for what, why, what is owed, what a run left. */
import { owedAfterMerge, skippedByScheduler } from '../../../../src/domain/evidence.ts';
import { ENDING_RULES } from '../../../../src/domain/ending.ts';
import type { Policy } from '../../../../src/domain/policy.ts';
import type { IssueState } from '../../../../src/domain/state.ts';
import type { CheckResult, RunEnd } from '../../../../src/domain/state/work.ts';
import { evolve } from '../../../../src/domain/evolve/evolve.ts';
import type { EventBody } from '../../../../src/domain/event.ts';
import type { ObservedReview } from '../../../../src/domain/observation.ts';
import { isInFlight } from '../../life/lanes-check.ts';
import { omit } from '../../../../src/domain/omit.ts';
import { nextUpkeep } from '../../../../src/domain/upkeep.ts';
import { type Name, PEOPLE, policyOf } from '../../life/fixtures.ts';
import { type Invariant, must } from '../../life/invariants.ts';
import { type Probe, probe, Scene, type Setting } from '../scene.ts';

const AUTO = { mode: 'auto-run' } as const;
const check = (name: string, play: () => void): Probe => ({ name, play });
const names = (invariant: Invariant, text: string, ...parts: readonly string[]): void => {
  for (const part of parts) must(invariant, text.includes(part), `“${part}” is not in “${text}”`);
};
const after = (state: IssueState, event: EventBody): IssueState =>
  evolve(state, { ...event, at: state.at + 1 });

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
const CHECK: CheckResult = {
  name: 'test',
  command: 'npm test',
  on: 'base',
  expected: 'fail',
  passed: false,
  exitCode: 1,
  durationMs: 1,
  output: 'sha256:o',
};

/** What the record says and the state keeps of a run that ended so, in the mode of the setting. */
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

/** What the record says of a refused change, whose run was held by this box. */
function refusedCause(box: string): string {
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
  check('what the release will owe is told', () => {
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
  check('what was not checked is told', () => {
    const skipped = (part: Partial<Policy['verification']>, ...checks: readonly CheckResult[]): string =>
      skippedByScheduler(checks, verification(part))
        .map(({ check: what, why }) => `${what}: ${why}`)
        .join('\n');
    names('7 proven', skipped({}), 'verification commands: the policy names none', 'names no testCommand');
    const commands = [{ name: 'test', command: 'npm test' }] as never;
    names('7 proven', skipped({ commands, testCommand: 'npm test' }), 'no test was added or changed');
    const nothing = skipped({ commands, testCommand: 'npm test' }, CHECK);
    must('7 proven', nothing === '', `it is told of what was checked: ${nothing}`);
  }),
  probe('the policy names nobody', AUTO, life => {
    const policy = policyOf(AUTO);
    life.github({ policy: { ...policy, escalation: { ...policy.escalation, to: '' } } });
    life.flow().decide('ann', { kind: 'pause' }).decide('ann', { kind: 'resume' });
    life.until('merge').decide('ann', { kind: 'reject' }).flow();
    must('21 named', held(life).who === 'a maintainer', `${held(life).who} is asked`);
  }),
  check('what is asked at each gate', () => {
    const life = new Scene({ publish: 'always', signOff: 'low', owner: 'ann' });
    const asked = (gate: string): string => held(life.until(gate)).what;
    names('21 named', asked('start'), '/approve start ', '/reject');
    names('21 named', asked('publish'), '/approve publish ', '/reject');
    names('21 named', asked('merge'), 'in a review', '/approve merge ', '/reject');
    names('21 named', asked('release'), '/approve release ', '/verify-release');
  }),
  check('why a run holds it', () => {
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
  probe('it is approved, and a person pushes', AUTO, life => {
    life.until('merge').decide('ann', { kind: 'pause' }).review('ben', 'approved').flow();
    life.told('a person pushes', 0).flow().decide('ann', { kind: 'resume' }).flow();
    names(
      '7 told',
      held(life).why,
      'were not verified',
      `the approval by ben covers only ${life.world.state.pushed?.slice(0, 12) ?? '?'}`,
    );
  }),
  check('whose review counts for nothing is told so', () => {
    const told = (...given: Parameters<typeof reviewed>): string =>
      JSON.stringify(reviewed(...given).refusedDecision ?? '');
    must('21 in vain', told('robot', {}) === '""', 'a bot is told');
    const { change, audit } = reviewed('ben', {});
    const record = audit.records.find(({ cause }) => cause.startsWith('ben approved'));
    must('16 audit', record?.digests['head'] === change?.commit, 'the record of a review names no head');
    names('21 told', told('reader', {}), '"reader"', '"approve"', 'has the role read');
    names('21 told', told('reader', { state: 'changes-requested' }), '"reject"');
    names('21 told', told('ben', {}, { state: 'dismissed' }), 'the review was dismissed');
    names('21 told', told('ben', {}, { role: { kind: 'unreadable', why: '500' } }), 'could not be read');
    names('21 told', told('ben', {}, { role: { kind: 'role', role: 'read' } }), 'is no longer sufficient');
  }),
  check('what a run leaves', () => {
    const boxed = ended(AUTO, { box: 'bubblewrap: seccomp' });
    names('16 audit', boxed.cause, '(box: bubblewrap: seccomp)', ENDING_RULES.crashed.meaning);
    must('16 audit', !ended(AUTO, {}).cause.includes('box'), 'a box is named that nobody told of');
    names('16 audit', refusedCause('bubblewrap: seccomp'), '(box: bubblewrap: seccomp)');
    must('7 modes', boxed.end?.account === undefined, 'a report is kept beside a pull request');
    const report = ended({ mode: 'analysis' }, { ending: 'analysis' }).end?.account;
    must('7 modes', report === 'told', 'the report of an analysis is not kept');
    names('16 audit', verifiedCause(CHECK), '1 checks as expected');
    names('16 audit', verifiedCause(CHECK, { ...CHECK, passed: true }), '1 of 2 checks not as expected');
  }),
  check('people are told of a run', () => {
    const { state } = new Scene(AUTO).untilEffect('run-agent').world;
    const unprojected = omit(state, 'projected');
    must('21 shown', nextUpkeep(unprojected)?.kind === 'project', 'nobody is told that an agent is at work');
  }),
  probe('the policy changes what a run may cost', AUTO, life => {
    life.untilEffect('run-agent');
    const { policy } = life.world.state;
    if (policy === undefined) throw new Error('there is no policy');
    life.forge({ policy: { ...policy, limits: { ...policy.limits, costUsdMax: 0.5 } } });
    const step = life.step();
    const isSame = isInFlight(life.world, step);
    must('19 undisturbed', isSame, 'a run is called off because another one would have less money');
  }),
];
