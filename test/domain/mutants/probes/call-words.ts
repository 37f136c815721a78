/** What a call says, whom it asks, and that it stays while its gate comes back. */
import { callText, noticeText } from '../../../../src/domain/call-text.ts';
import { callUpkeep } from '../../../../src/domain/call.ts';
import { nextStep } from '../../../../src/domain/next-step.ts';
import { omit } from '../../../../src/domain/omit.ts';
import type { IssueState } from '../../../../src/domain/state.ts';
import type { CallMade } from '../../../../src/domain/state/calls.ts';
import type { CallPlan, Effect, EffectKind, Notice, Step } from '../../../../src/domain/step.ts';
import { issueOf } from '../../life/fixtures.ts';
import { must, mustBe } from '../../life/invariants.ts';
import { AUTO, check, type Probe, Scene, type Setting } from '../scene.ts';

const plain = { github: { calling: {} } } as const;

const PLAN: CallPlan = {
  ...{ seq: 3, ask: 'gate:merge/1', answers: 0, rung: 'fresh', hold: 'gate:merge', marker: '<!-- m -->' },
  ...{ to: ['@ann'], otherwise: [], assign: [], reviewers: [], paths: [], what: 'approve', why: '' },
};

const NOTICE: Notice = {
  ...{ seq: 3, ask: 'gate:merge/1', answers: 0, rung: 'fresh', hold: 'gate:merge', who: [] },
  ...{ title: 'Slow', url: 'https://git.example/7', what: 'approve', why: '' },
};

const END = ['', 'This comment is removed when nothing is left to do here.', '<!-- m -->'];
const FIRST = ['@ann the merge gate waits for a decision: `approve`', ''];

function saysInAll(part: Partial<CallPlan>, lines: readonly string[]): void {
  mustBe('22 needed', callText({ ...PLAN, ...part }, ['@ann']).split('\n'), [...FIRST, ...lines, ...END]);
}

function notices(part: Partial<Notice>, wanted: string): void {
  mustBe('22 needed', noticeText({ ...NOTICE, ...part }, 'a/b#7'), wanted);
}

/** The first upkeep that is a call is in flight. */
function dueCall(setting: Setting): IssueState {
  const { world } = new Scene({ ...plain, ...setting });
  const isCalling = (): boolean => world.upkeep?.upkeep.kind === 'call';
  for (let steps = 0; steps < 60 && !isCalling(); steps += 1) {
    world.landUpkeep();
    if (!isCalling()) world.land();
  }
  return world.state;
}

type Calls = NonNullable<NonNullable<IssueState['policy']>['calls']>;

function planOf(state: IssueState, part: Partial<Calls> = {}): CallPlan {
  const { policy } = state;
  if (policy?.calls === undefined) throw new Error('there is no policy of calls');
  const given = { ...state, policy: { ...policy, calls: { ...policy.calls, ...part } } };
  const upkeep = callUpkeep(given, nextStep(given));
  if (upkeep?.kind !== 'call') throw new Error('no call is due');
  return upkeep.call;
}

const stepOf = (kind: EffectKind): Step => ({ kind: 'effect', effect: { kind } as Effect });

/** Its call has a comment, and no other is due. */
function asked(part: Partial<CallMade> = {}): IssueState {
  const { state } = new Scene({ ...AUTO, ...plain }).flow().world;
  const calls = (state.calls ?? []).map(call => ({ ...call, ...part }));
  return { ...omit(state, 'calling'), calls };
}

const folds = (state: IssueState, step: Step): boolean => callUpkeep(state, step)?.kind === 'fold-call';

function stays(kind: EffectKind): Probe {
  return check(`BETWEEN.${kind} keeps the call`, () => {
    const merge = { ask: 'gate:merge/1', hold: 'gate:merge' };
    must('22 once', !folds(asked(merge), stepOf(kind)), `the call is gone at ${kind}`);
  });
}

export const CALL_WORD_PROBES: readonly Probe[] = [
  check('callText in words', () => {
    saysInAll({}, []);
    saysInAll({ why: 'so it is' }, ['- why: so it is']);
    saysInAll({ pullRequest: 70 }, ['- see: pull request #70']);
    saysInAll({ status: 'https://git.example/1' }, ['- see: [status](https://git.example/1)']);
    saysInAll({ rung: 'reminded' }, ['- This is a reminder: nobody has acted yet.']);
  }),
  check('noticeText in words', () => {
    const said = 'a/b#7 Slow: the merge gate waits for a decision; approve';
    notices({}, `${said} — https://git.example/7`);
    notices({ why: 'so' }, `${said}; why: so — https://git.example/7`);
    notices({ rung: 'parked' }, `${said} — This is the last reminder. — https://git.example/7`);
  }),
  check('waits in words', () => {
    const waits = (hold: string, words: string): void => {
      notices({ hold }, `a/b#7 Slow: ${words}; approve — https://git.example/7`);
    };
    waits('gate:start', 'the start gate waits for a decision');
    waits('delayed', 'a step keeps failing and is tried again');
    waits('escalated', 'the issue was escalated');
    waits('blocked', 'the work is blocked and waits for a person');
  }),
  ...(
    [
      'read-policy',
      'build-change',
      'build-candidate',
      'verify-change',
      'verify-candidate',
      'assemble-evidence',
      'push-commit',
      'publish-evidence',
      'open-pull-request',
      'read-arrival',
      'check-release',
    ] as const
  ).map(stays),
  check('isBetween', () => {
    const state = asked();
    must('22 once', !folds(state, { kind: 'wait', for: 'look' }), 'a look takes the call away');
    must('22 folded', folds(state, { kind: 'wait', for: 'soak' }), 'it stays in a long wait');
    must('22 folded', folds(state, stepOf('run-agent')), 'it stays while the agent runs');
  }),
  check('comesBack', () => {
    const step = stepOf('read-policy');
    const release = { hold: 'gate:release', ask: 'gate:release/1' };
    must('22 once', !folds(asked(), step), 'the control takes the call away');
    must('22 folded', folds(asked({ ask: 'gate:merge/9' }), step), 'it stays for another attempt');
    must('22 folded', folds(asked({ hold: 'blocked', ask: 'blocked/1' }), step), 'it stays without a gate');
    must('22 folded', folds(asked(release), step), 'it stays at a release before the merge');
    const merge = {} as NonNullable<IssueState['merge']>;
    must('22 once', !folds({ ...asked(release), merge }, step), 'a release takes its call away');
    must('22 folded', folds({ ...asked(), merge }, step), 'it stays after the merge');
    const start = { ...asked({ hold: 'gate:start', ask: 'gate:start/0' }), runs: [] };
    must('22 once', !folds(start, step), 'the start gate takes its call away');
  }),
  check('peopleOf, at the merge gate and others', () => {
    const merge = dueCall(AUTO);
    const { assign, reviewers } = planOf(merge, { assign: ['@zoe'], reviewers: ['@rita'] });
    mustBe('22 needed', { assign, reviewers }, { assign: ['@zoe'], reviewers: ['@rita'] });
    const none = planOf(merge);
    mustBe('22 needed', [none.assign, none.reviewers, none.otherwise, none.paths], [[], [], [], []]);
    const other = dueCall({ mode: 'guarded', publish: 'always' });
    mustBe('22 needed', planOf(other, { reviewers: ['@rita'], assign: ['@zoe'] }).reviewers, []);
    const { held } = merge;
    if (held === undefined) throw new Error('nothing is held');
    const later = planOf({ ...merge, held: { ...held, rung: 'reminded' } }, { assign: ['@zoe'] });
    mustBe('22 needed', later.assign, []);
  }),
  check('needsOwners and pathsOf', () => {
    const state = dueCall(AUTO);
    const paths = (state.change?.files ?? []).map(({ path }) => path);
    must('22 needed', paths.length > 0, 'the change has no files');
    const owned = planOf(state, { to: ['codeowners'] });
    mustBe('22 needed', owned.paths, paths);
    must('22 needed', owned.otherwise.length > 0, 'nobody is called if there are no owners');
    mustBe('22 needed', planOf(state, { reviewers: ['codeowners'] }).paths, paths);
    const issue = issueOf({ contract: { ...issueOf().contract, missing: ['Expected behavior'] } });
    const start = dueCall({ mode: 'guarded', github: { calling: {}, issue } });
    mustBe('22 needed', planOf(start, { to: ['codeowners'] }).paths, []);
  }),
];
