/** Single rules of holds before a merge, and of what is handed over. */
import { handOverText } from '../../../../src/domain/hand-over.ts';
import { mergeObstacle } from '../../../../src/domain/merge-obstacle.ts';
import { handOverProblem } from '../../../../src/domain/merge-rules.ts';
import { nextStep } from '../../../../src/domain/next-step.ts';
import { withDue } from '../../../../src/domain/due.ts';
import { onChecks } from '../../../../src/domain/evolve/checks.ts';
import { withoutHandOver } from '../../../../src/domain/evolve/hand-over.ts';
import { omit } from '../../../../src/domain/omit.ts';
import type { IssueState } from '../../../../src/domain/state.ts';
import { mustBe } from '../../life/invariants.ts';
import { after, AUTO, check, type Probe, Scene } from '../scene.ts';

const QUEUE = { ...AUTO, handOver: 'queue' } as const;
const DAY_MS = 24 * 3_600_000;

/** Approved, and in the queue. */
const queued = (): Scene => new Scene(QUEUE).until('merge').review('ben', 'approved').flow();
const dueOf = (state: IssueState): readonly string[] => Object.keys(state.due).toSorted();

export const HAND_OVER_RULE_PROBES: readonly Probe[] = [
  check('handOverText: with its place', () => {
    const { handOver } = queued().world.state;
    if (handOver === undefined) throw new Error('it is not there');
    mustBe('21 shown', handOverText(omit(handOver, 'position')), "GitHub's merge queue");
    mustBe('21 shown', handOverText({ ...handOver, position: 2 }), "GitHub's merge queue, place 2");
  }),
  check('handOverProblem: what refuses handing over', () => {
    const why = (mergeQueue: boolean, way: 'queue' | 'auto-merge', isAllowed?: boolean) =>
      handOverProblem({ branch: 'main', rules: mergeQueue ? { mergeQueue } : {} }, way, isAllowed)?.failure;
    mustBe(
      '21 told',
      [
        why(true, 'queue', false),
        why(false, 'queue'),
        why(false, 'auto-merge'),
        why(false, 'auto-merge', true),
      ],
      [undefined, 'MergeQueueMissing', undefined, undefined],
    );
    mustBe('21 told', why(true, 'auto-merge', false), 'AutoMergeForbidden');
  }),
  check('withoutHandOver: a refusal of what was asked', () => {
    const { state } = queued().world;
    const { handOver } = state;
    const failed = (kind: 'hand-over-merge' | 'take-back-merge' | 'look', from = state) => {
      const event = { type: 'step-failed', effect: { kind }, message: 'no' } as never;
      return withoutHandOver(from, event).handOver;
    };
    mustBe('21 told', failed('hand-over-merge'), undefined);
    mustBe('21 told', failed('look'), handOver);
    mustBe('21 told', failed('take-back-merge')?.stuck, 'no');
    mustBe('21 told', failed('take-back-merge', omit(state, 'handOver')), undefined);
  }),
  check('withThreadsDue: conversations are read once a rule asks for it', () => {
    const { state } = new Scene({ ...AUTO, checks: { required: ['test'] } }).until('merge').world;
    const { checks, pullRequest } = state;
    if (checks === undefined || pullRequest === undefined) throw new Error('nothing is read');
    const read = (threadsResolved: boolean, unresolvedThreads?: number) => {
      const rules = threadsResolved ? { threadsResolved } : {};
      const threads = unresolvedThreads === undefined ? {} : { unresolvedThreads };
      const pull = { ...omit(pullRequest, 'unresolvedThreads'), ...threads };
      return dueOf(onChecks({ ...state, due: {}, pullRequest: pull }, { ...checks, rules }).state);
    };
    mustBe('21 told', [read(true), read(true, 0), read(false)], [['pull-request'], [], []]);
  }),
  check('branchOf: the branch is named as far as it is known', () => {
    const { state } = new Scene({ ...AUTO, checks: { required: ['test'] } }).until('merge').world;
    const { checks } = state;
    if (checks === undefined) throw new Error('nothing is read');
    const closed = { ...state, checks: { ...checks, rules: { update: true } as const } };
    const named = (from: IssueState): unknown => mergeObstacle(from)?.what;
    mustBe('21 told', named(closed), 'updates of main are restricted');
    mustBe('21 told', named(omit(closed, 'repository')), 'updates of the target branch are restricted');
  }),
  check('soughtBy: what GitHub is to merge is looked for while people are asked', () => {
    const life = queued();
    life.world.advance(DAY_MS + 1);
    life.flow();
    const { state } = life.world;
    const step = nextStep(state);
    if (step.kind !== 'hold' || step.until === undefined) throw new Error('nothing is polled');
    const read = after({ ...state, due: {} }, { type: 'timer' }, step.until - state.at + 1);
    mustBe('21 told', dueOf(read).includes('pull-request'), true);
  }),
  check('hand-over-merge: news is read before it', () => {
    const state = { ...omit(queued().world.state, 'handOver', 'sent'), due: {} };
    const kindOf = (from: IssueState): string => {
      const step = nextStep(from);
      return step.kind === 'effect' ? step.effect.kind : step.kind;
    };
    mustBe('7 looked first', [kindOf(state), kindOf(withDue(state, ['issue']))], ['hand-over-merge', 'wait']);
  }),
];
