/** The default branch moves below a head that stays: what a merge makes, and which approvals are carried over. */
import { nextStep } from '../../../../src/domain/next-step.ts';
import type { IssueState } from '../../../../src/domain/state.ts';
import type { Approval } from '../../../../src/domain/state/people.ts';
import type { Below } from '../../life/merging.ts';
import { viewOf } from '../../../../src/domain/view.ts';
import { issueOf } from '../../life/fixtures.ts';
import { must } from '../../life/invariants.ts';
import { after, AUTO, check, probe, type Probe, Scene, type Setting } from '../scene.ts';

const MEDIUM = { run: { path: 'db/x.sql' } } as const;
const HIGH = { run: { path: 'infra/main.tf' } } as const;

export const moved = (life: Scene, below: Below = {}, base = 'base-2'): Scene => life.github({ base, below });

/** The approval of the merge after the branch moved: whether it was enough. */
function approvedOnce(life: Scene): boolean {
  life.approve().flow();
  return life.world.state.merge !== undefined;
}

interface Moving extends Setting {
  readonly below?: Below;
}

/** Plays with the same move, and says whether people must be asked once more. */
function carries(name: string, isCarried: boolean, { below = {}, ...setting }: Moving): Probe {
  return {
    name: `an approval over a moved branch: ${name}`,
    play: () => {
      const life = moved(new Scene(setting).until('merge'), below);
      const { pushed } = life.world.state;
      const isDone = approvedOnce(life);
      must(isCarried ? '21 in vain' : '28 carried', isDone === isCarried, `${name}: merged at once`);
      if (!isDone) tellsWhy(life, below);
      life.until();
      must('21 in vain', life.world.state.merge !== undefined, `${name}: it is never merged`);
      must('4 one commit', life.world.state.pushed === pushed, 'something was pushed');
      life.end();
    },
  };
}

/** The gate says what is new about the merge. */
function tellsWhy(life: Scene, { fails = false, sameFile = false }: Below): void {
  const step = life.step();
  const why = step.kind === 'hold' ? step.hold.why.join() : '';
  must('7 told', why.includes('merged into the moved branch: test together') === fails, `“${why}”`);
  must('7 told', why.includes('both sides changed ') === sameFile, `“${why}”`);
}

const CARRIED: readonly Probe[] = [
  carries('in other files', true, AUTO),
  carries('never by policy', false, { ...AUTO, carryOver: 'never' }),
  carries('medium risk', true, { ...AUTO, ...MEDIUM }),
  carries('medium risk, and low at most', false, { ...AUTO, ...MEDIUM, carryOver: 'low' }),
  carries('low risk, and low at most', true, { ...AUTO, carryOver: 'low' }),
  carries('high risk', false, { ...AUTO, ...HIGH }),
  carries('a file of both', true, { ...AUTO, below: { sameFile: true } }),
  carries('a file of both, never by policy', false, {
    ...AUTO,
    sameFile: 'never',
    below: { sameFile: true },
  }),
  carries('other files, and never over a file of both', true, { ...AUTO, sameFile: 'never' }),
  carries('a file of both, at medium risk', false, {
    ...AUTO,
    ...MEDIUM,
    sameFile: 'low',
    below: { sameFile: true },
  }),
  carries('another patch', false, { ...AUTO, below: { otherPatch: true } }),
  carries('a new concern', false, { ...AUTO, below: { fails: true } }),
];

export const CANDIDATE_PROBES: readonly Probe[] = [
  ...CARRIED,
  probe('the branch moves twice below an approval', { ...AUTO, mergeBy: 'person' }, life => {
    moved(life.until('merge')).approve().flow();
    const first = life.world.state.approvals.find(({ carried }) => carried !== undefined);
    moved(life, {}, 'base-3').act('a reviewer approves').poked().flow();
    const { approvals, candidate } = life.world.state;
    const isOfAnn = (one: Approval): boolean => one.by.kind === 'person' && one.by.login === 'ann';
    const [carried, ...others] = approvals.filter(one => one.carried !== undefined && isOfAnn(one));
    must('21 in vain', candidate?.base === 'base-3' && carried?.bound.base === 'base-3', 'not carried again');
    must('28 carried', others.length === 0 && first?.bound.base === 'base-2', 'the older one stays');
  }),
  probe('a concern that was approved is no new one when the branch moves again', AUTO, life => {
    moved(life.until('merge'), { fails: true }).approve().flow();
    moved(life, { fails: true }, 'base-3').approve().flow();
    must('21 in vain', life.world.state.merge !== undefined, 'the same concern is asked about twice');
  }),
  probe('the branch moves while the merge is verified', AUTO, life => {
    moved(life.until('merge')).approve().untilEffect('verify-candidate');
    moved(life, {}, 'base-3').flow();
    life.until();
  }),
  probe('the branch moves back', AUTO, life => {
    moved(life.until('merge'), { otherPatch: true }).approve().flow();
    life.github({ base: 'base-1' }).approve().flow();
    life.until();
  }),
  probe('the branch moves while the policy is edited', AUTO, life => {
    moved(life.until('merge')).act('the policy is edited', 1).approve().flow();
    life.until();
  }),
  probe('the branch moves while the issue is edited', AUTO, life => {
    moved(life.until('merge')).told('the issue is edited', 1).approve().flow();
    life.until();
  }),
  probe('the branch moves, and the pull request is merged unseen', AUTO, life => {
    life
      .until('merge')
      .act('a person merges')
      .github({ base: 'base-3', movedBelow: ['src/price.ts'] });
    life.approve().flow();
    must('21 in vain', life.world.state.runs.length === 1, 'another run after the merge');
  }),
  probe('a review that is older than the evidence of the merge', AUTO, life => {
    moved(life.until('merge'), { fails: true }).approve().untilEffect('verify-candidate');
    life.act('a reviewer approves').flow();
    life.poked().flow();
    must('7 fresh', life.world.state.merge === undefined, 'nobody approved the concern');
    life.review('ben', 'approved').flow();
    must('21 heard', life.world.state.merge !== undefined, 'a review of the merge does not count');
  }),
  probe(
    'a review that is older than the evidence, which says nothing new',
    { ...AUTO, mergeBy: 'person' },
    life => {
      moved(life.until('merge')).approve().untilEffect('verify-candidate');
      life.act('a reviewer approves').flow();
      life.poked().flow();
      const { approvals } = life.world.state;
      must(
        '21 in vain',
        approvals.some(({ review, carried }) => review !== undefined && carried !== undefined),
        'the review is not carried over',
      );
    },
  ),
  probe('the reviewer loses the role after the approval was carried over', AUTO, life => {
    moved(life.until('merge')).act('a reviewer approves').poked().untilEffect('merge');
    life.github({ demoted: ['ben'] }).flow();
    const { approvals, merge } = life.world.state;
    must('9 role', merge === undefined && approvals.length === 0, 'an approval of them is left');
  }),
  probe('a change is built again on each base', { ...AUTO, upToDate: 'head' }, life => {
    moved(life.until('merge')).approve().flow();
    must('21 in vain', life.world.state.merge !== undefined, 'the same patch is asked about twice');
  }),
  probe(
    'a change is built again, and the publish gate was passed',
    { ...AUTO, upToDate: 'head', publish: 'always' },
    life => {
      moved(life.until('publish')).approve().flow();
      must('21 in vain', life.world.state.pullRequest !== undefined, 'the same patch is asked about twice');
      life.until();
    },
  ),
  probe('a change is built again at high risk', { ...AUTO, upToDate: 'head', ...HIGH }, life => {
    moved(life.until('merge')).approve().flow();
    must('28 carried', life.world.state.merge === undefined, 'a high risk is carried over');
    life.until();
  }),
  probe('another attempt makes the same patch', { ...AUTO, upToDate: 'head' }, life => {
    moved(life.until('merge')).decide('ann', { kind: 'pause' }).approve().flow();
    life.decide('ann', { kind: 'resume' }).flow().until();
  }),
];

/** Facts that fit no merge that was asked for. */
const strange = (state: IssueState, base: string, head: string): readonly IssueState[] => {
  const verification = { commit: head, onto: base, checks: [] };
  const evidence = { commit: head, onto: base, digest: 'sha256:strange' as const, concerns: [] };
  const sent = (kind: 'build-candidate' | 'verify-candidate' | 'assemble-evidence'): IssueState => ({
    ...state,
    sent: { kind } as NonNullable<IssueState['sent']>,
  });
  return [
    after(sent('build-candidate'), { type: 'candidate-built', base, head, tree: 't' }),
    after(sent('build-candidate'), { type: 'merge-conflict', runId: 'g9-a9', base, paths: [], commits: [] }),
    after(sent('verify-candidate'), { type: 'candidate-verified', verification }),
    after(sent('assemble-evidence'), { type: 'evidence-assembled', evidence }),
  ];
};

export const STRANGE_PROBES: readonly Probe[] = [
  check('facts about another merge are refused', () => {
    const life = moved(new Scene(AUTO).until('merge')).approve().untilEffect('verify-candidate');
    const { state } = life.world;
    const { base = '', head = '' } = state.candidate ?? {};
    for (const [of, on] of [
      ['strange', base],
      [head, 'strange'],
    ] as const)
      for (const [at, odd] of strange(state, on, of).entries()) {
        const isFit = at === 0 && of === head;
        const step = nextStep(odd);
        const isHeld = step.kind === 'hold' && (step.hold.why[0] ?? '').startsWith('unexpected');
        must('20 asked for', isFit || isHeld, `fact ${at} about ${of} on ${on} is taken`);
      }
  }),
  check('onChangeOutdated: without a file, or of no run', () => {
    const { state } = new Scene(AUTO).untilEffect('build-change').world;
    const { runId = '' } = state.runs[0] ?? {};
    for (const [of, paths] of [
      [runId, []],
      ['g9-a9', ['src/price.ts']],
    ] as const) {
      const step = nextStep(after(state, { type: 'change-outdated', runId: of, base: 'base-2', paths }));
      const why = step.kind === 'hold' ? (step.hold.why[0] ?? '') : '';
      must('21 told', why.startsWith('unexpected change-outdated'), `“${why}” of ${of}`);
    }
  }),
  check('mergeOf, carriedLines: the view says what moved, and what still counts', () => {
    const life = new Scene({ ...AUTO, mergeBy: 'person' }).until('merge').approve().flow();
    const before = viewOf(life.world.state);
    must('21 shown', !('mergesInto' in before) && !('carried' in before), 'something moved');
    moved(life).act('a reviewer approves').poked().flow();
    const { mergesInto, carried = [] } = viewOf(life.world.state);
    must('21 shown', mergesInto === 'base-2', `it merges into ${mergesInto ?? 'nothing'}`);
    must('21 shown', carried[0]?.includes(', given on base base-1') === true, carried.join());
  }),
  check('without a common history, another attempt says so', () => {
    const life = moved(new Scene(AUTO).until('merge')).approve().untilEffect('build-candidate');
    const { runId = '' } = life.world.state.runs[0] ?? {};
    life.do(world => world.land({ type: 'merge-conflict', runId, base: 'base-2', paths: [], commits: [] }));
    const { reason = '' } = life.world.state.rejections[0] ?? {};
    must('21 told', reason.endsWith('has no common history with the change'), `“${reason}”`);
    const effect = life.until().world.state.runs.at(-1);
    must('4 one base', effect?.inputs.base === 'base-2', 'the next attempt starts on the old base');
  }),
  check('a text that names no other branch keeps its approval', () => {
    const life = new Scene({ ...AUTO, mergeBy: 'person' }).until('merge').approve().flow();
    const edited = life
      .github({ issue: issueOf({ labels: ['ai', 'other'] }) })
      .poked()
      .flow();
    must('21 in vain', edited.world.state.candidate === undefined, 'a merge is tried in vain');
  }),
];
