/** What GitHub would refuse at the merge, and merges that are handed over to GitHub. */
import type { MergeRules } from '../../../../src/domain/merge-rules.ts';
import { mergeObstacle } from '../../../../src/domain/merge-obstacle.ts';
import type { PolicyChoice } from '../../life/fixtures.ts';
import { isThere } from '../../life/hand-over.ts';
import { must } from '../../life/invariants.ts';
import { poke } from '../../life/people.ts';
import { AUTO, type Probe, probe, type Scene } from '../scene.ts';

const CHECKS = { required: ['test'] };
const QUEUE = { ...AUTO, handOver: 'queue' } as const;
const DAY_MS = 24 * 3_600_000;

const whyOf = (life: Scene): string => {
  const step = life.step();
  return step.kind === 'hold' ? (step.hold.why[0] ?? '') : '';
};
const waits = (life: Scene): boolean => {
  const step = life.step();
  return step.kind === 'wait' && step.for === 'merge';
};

/** Rules that hold before the gate asks, with the words that name them. */
const REFUSING: readonly (readonly [string, MergeRules])[] = [
  ['merge queue', { mergeQueue: true }],
  ['are restricted', { update: true }],
  ['linear history', { linearHistory: true }],
  ['does not allow merge commits', { mergeMethods: ['squash'] }],
  ['ours is not signed', { signatures: true }],
];

const EVIDENCE = { ownCheck: 'signalbox/evidence' };
const OWN_CHECKS: readonly (readonly [string, MergeRules, Partial<PolicyChoice>])[] = [
  ['which nobody reports', { ownCheck: 'signalbox/other' }, { evidence: 'status' }],
  ['does not publish', EVIDENCE, {}],
  [
    'no commit of its merge queue gets',
    { ...EVIDENCE, mergeQueue: true },
    { evidence: 'status', handOver: 'queue' },
  ],
];

export const HAND_OVER_PROBES: readonly Probe[] = [
  ...REFUSING.map(([words, mergeRules]) =>
    probe(`a rule is told before the gate: ${words}`, { ...AUTO, checks: CHECKS }, life => {
      life.github({ mergeRules }).flow();
      must('21 told', whyOf(life).includes(words), `it is not told: ${whyOf(life)}`);
      must('21 told', mergeObstacle(life.world.state) !== undefined, 'nothing is in the way');
    }),
  ),
  ...OWN_CHECKS.map(([words, mergeRules, more]) =>
    probe(
      `a check of ours that nobody would report: ${words}`,
      { ...AUTO, checks: CHECKS, ...more },
      life => {
        life.github({ mergeRules }).flow();
        must('21 told', whyOf(life).includes(words), `it is not told: ${whyOf(life)}`);
      },
    ),
  ),
  probe('a check of ours that is published', { ...AUTO, checks: CHECKS, evidence: 'status' }, life => {
    life.github({ mergeRules: { ownCheck: 'signalbox/evidence' } }).until('merge');
  }),
  probe('GitHub signs the commit of a squash', { ...AUTO, method: 'squash', checks: CHECKS }, life => {
    life.github({ mergeRules: { signatures: true } }).until('merge');
  }),
  probe('GitHub signs no commits of a rebase', { ...AUTO, method: 'rebase', checks: CHECKS }, life => {
    life.github({ mergeRules: { signatures: true } }).flow();
    must('21 told', whyOf(life).includes('of a rebase'), 'it is not told');
  }),
  probe('rules are for the scheduler', { ...AUTO, mergeBy: 'person', checks: CHECKS }, life => {
    life.github({ mergeRules: { mergeQueue: true, linearHistory: true } }).until('merge');
  }),
  probe('the settings forbid the way of merging', AUTO, life => {
    life.github({ mergeMethods: ['squash'] }).flow();
    must('21 told', whyOf(life).includes('the repository does not allow'), 'it is not told');
  }),
  probe('conversations must be resolved', { ...AUTO, checks: CHECKS }, life => {
    life.github({ mergeRules: { threadsResolved: true } }).until('merge');
    life.told('conversations are resolved or not', 1).flow();
    must('21 told', whyOf(life).startsWith('1 conversation is not resolved'), 'it is not told');
    life.told('conversations are resolved or not', 2).flow();
    must('21 told', whyOf(life).startsWith('2 conversations are not resolved'), 'it is not told');
    life.told('conversations are resolved or not', 3).until('merge');
  }),
  probe('what a rule wants of people is named at the gate', { ...AUTO, checks: CHECKS }, life => {
    life.github({ mergeRules: { codeOwners: true, deployments: ['staging'] } }).until('merge');
    const step = life.step();
    const why = step.kind === 'hold' ? step.hold.why.join() : '';
    must('21 told', why.includes('a code owner') && why.includes('staging'), 'it is not named');
  }),
  ...(['queue', 'auto-merge'] as const).map(handOver =>
    probe(`handed over to ${handOver}, and merged there`, { ...AUTO, handOver }, life => {
      life.until('merge').review('ben', 'approved').flow();
      must('21 told', waits(life) && isThere(life.world.github), 'it is not handed over');
      life.told('GitHub merges what was handed over').flow();
      const { by } = life.world.state.merge ?? {};
      must(
        '9 persons only',
        by?.kind === 'person' && by.login === 'ben',
        'it is not the merge of who approved it',
      );
      life.until();
      life.end();
    }),
  ),
  probe('auto-merge has nothing to wait for', { ...AUTO, handOver: 'auto-merge' }, life => {
    life.until('merge').github({ isMergeable: true }).review('ben', 'approved').flow();
    must('21 told', life.world.state.merge !== undefined, 'it is not merged');
  }),
  probe('GitHub gives it back', QUEUE, life => {
    life.until('merge').review('ben', 'approved').flow();
    life.told('GitHub gives it back', 0).flow();
    must('21 told', whyOf(life).includes('gave pull request #70 back: FAILED_CHECKS'), 'it is not told');
    life.decide('ann', { kind: 'retry' }).flow();
    must('21 told', waits(life) && isThere(life.world.github), 'it is not handed over again');
  }),
  probe('it is taken back for a pause, and handed over again', QUEUE, life => {
    life.until('merge').review('ben', 'approved').flow();
    life.decide('ann', { kind: 'pause', reason: 'later' }).flow();
    must('7 halted', !isThere(life.world.github), 'GitHub still has it');
    life.decide('ann', { kind: 'resume' }).flow();
    must('21 told', waits(life) && isThere(life.world.github), 'it is not handed over again');
  }),
  probe('looks keep failing while GitHub has it', QUEUE, life => {
    life.until('merge').review('ben', 'approved').flow();
    life
      .do(world => poke(world, 'pull-request'))
      .act('the upkeep keeps failing')
      .flow();
    must('21 rests', waits(life), 'GitHub does not have it');
    life.act('the wait is over').flow();
  }),
  probe('it is taken back before the end', QUEUE, life => {
    life.until('merge').review('ben', 'approved').flow();
    life.decide('ann', { kind: 'cancel' }).flow();
    must('7 halted', !isThere(life.world.github), 'GitHub still has it');
  }),
  probe('nobody merges it within a day', QUEUE, life => {
    life.until('merge').review('ben', 'approved').flow();
    life.world.advance(DAY_MS + 1);
    life.flow();
    must('21 told', whyOf(life).includes('has not merged pull request #70 within a day'), 'it is not told');
    must('21 told', isThere(life.world.github), 'it was taken back');
  }),
];
