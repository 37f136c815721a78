/** The target branch: chosen, contradicted, changed, missing and found again. */
import { namedTargets } from '../../../../src/domain/target.ts';
import { omit } from '../../../../src/domain/omit.ts';
import { withCommandsOf } from '../../../../src/domain/target-policy.ts';
import { issueOf, policyOf } from '../../life/fixtures.ts';
import { must, mustBe } from '../../life/invariants.ts';
import { approvalAsked } from '../../life/people.ts';
import { AUTO, check, probe, type Probe, type Scene } from '../scene.ts';

const TARGETS = { 'stable/v1': 'v1-head', 'stable/v2': 'v2-head' };
const target = { byLabel: { v1: 'stable/v1', v2: 'stable/v2' }, byMilestone: { '2.4': 'stable/v2' } };
const labelled = (...labels: readonly string[]) => issueOf({ labels: ['ai', ...labels] });
const V1 = { ...AUTO, target, github: { targets: TARGETS, issue: labelled('v1') } };

const relabelled = (life: Scene, ...labels: readonly string[]): Scene =>
  life
    .github({ issue: labelled(...labels) })
    .poked()
    .flow();

const goesTo = ({ world }: Scene, branch: string, runs: number): void => {
  mustBe('4 one target', world.github.pullRequest?.base, branch);
  mustBe('4 one target', world.state.runs.length, runs);
};

const holds = (life: Scene, why: RegExp, until?: number): void => {
  const step = life.step();
  const reason = step.kind === 'hold' ? (step.hold.why[0] ?? '') : step.kind;
  must('21 told', why.test(reason), `not told: ${reason}`);
  if (until !== undefined) mustBe('21 rests', step.kind === 'hold' ? step.until : 0, until);
};

export const TARGET_PROBES: readonly Probe[] = [
  probe('a label sends the change to another branch', V1, life => {
    goesTo(life.until('merge'), 'stable/v1', 1);
    life.approve().flow();
    life.until();
  }),
  probe('the policy sends every change to another branch', { ...V1, target: { branch: 'stable/v2' } }, life =>
    goesTo(life.until('merge'), 'stable/v2', 1),
  ),
  probe('the target is the default branch by name', { ...V1, target: { branch: 'main' } }, life =>
    goesTo(life.until('merge'), 'main', 1),
  ),
  probe('a milestone sends the change to another branch', V1, life => {
    life.github({ issue: issueOf({ milestone: '2.4' }) });
    goesTo(life.until('merge'), 'stable/v2', 1);
  }),
  probe('an analysis reads the target branch', { ...V1, mode: 'analysis' }, life => {
    life.flow();
    mustBe('4 one base', life.world.state.runs[0]?.inputs.base, 'v1-head');
  }),
  probe('labels contradict each other', V1, life => {
    holds(relabelled(life, 'v1', 'v2'), /^labels and milestone name different/);
    goesTo(relabelled(life, 'v2').until('merge'), 'stable/v2', 1);
  }),
  probe('labels contradict each other after the claim', V1, life => {
    holds(relabelled(life.until('merge'), 'v1', 'v2'), /^labels and milestone name different/);
    goesTo(relabelled(life, 'v1'), 'stable/v1', 1);
  }),
  probe('the label changes after the approval of the start', { ...V1, mode: 'guarded' }, life => {
    life
      .until('start')
      .approve()
      .github({ issue: labelled('v2') });
    life.flow();
    holds(
      life.poked().flow(),
      /is no longer valid; changed: the target branch \(stable\/v1, now stable\/v2\)$/,
    );
    goesTo(life.until('merge'), 'stable/v2', 1);
  }),
  probe('the label changes after the claim, and back', V1, life => {
    holds(
      relabelled(life.until('merge'), 'v2'),
      /changed from stable\/v1 to stable\/v2 after the work began$/,
    );
    goesTo(relabelled(life, 'v1'), 'stable/v1', 1);
  }),
  probe('the label changes after the claim, and a person retries', V1, life => {
    relabelled(life.until('merge')).decide('ann', { kind: 'retry' }).until('merge');
    goesTo(life, 'main', 2);
    life.approve().flow();
    life.until();
  }),
  probe(
    'a person retries onto a branch at the same commit',
    { ...V1, github: { ...V1.github, targets: { ...TARGETS, 'stable/v2': 'v1-head' } } },
    life => {
      relabelled(life.until('merge'), 'v2').decide('ann', { kind: 'retry' }).until('merge');
      goesTo(life, 'stable/v2', 1);
    },
  ),
  probe('the label changes while the claim is sent', V1, life => {
    life.untilEffect('claim-branch').act('the effect is done');
    holds(relabelled(life, 'v2'), /changed from stable\/v1/);
    goesTo(life.decide('ann', { kind: 'retry' }).until('merge'), 'stable/v2', 1);
  }),
  probe('the base of the pull request is changed after a retry', V1, life => {
    relabelled(life.until('merge'), 'v2').decide('ann', { kind: 'retry' });
    life.act('the pull request is retargeted').poked().flow();
    holds(life, /^the base branch of .* was changed to other$/);
  }),
  probe('the target branch is missing', { ...V1, github: { issue: labelled('v1') } }, life => {
    const { world } = life.flow();
    holds(life, /^the target branch stable\/v1 does not exist$/, world.state.at + 60_000);
    for (let round = 0; round < 30; round++) life.act('the wait is over').flow();
    holds(life, /^the target branch stable\/v1 does not exist$/, world.now + 30 * 60_000);
    life.github({ targets: TARGETS }).act('the wait is over');
    goesTo(life.until('merge'), 'stable/v1', 1);
  }),
  probe('the target branch is missing for days', { ...V1, github: { issue: labelled('v1') } }, life => {
    life.flow().do(world => world.advance(25 * 3_600_000));
    must('21 ladder', life.flow().world.state.held?.rung === 'reminded', 'nobody was reminded');
  }),
  probe('the target branch is deleted under the pull request', V1, life => {
    const { pullRequest } = life.until('merge').world.github;
    if (pullRequest === undefined) return;
    life
      .github({ targets: {}, pullRequest: { ...pullRequest, state: 'closed' } })
      .poked()
      .flow();
    holds(life, /^the target branch stable\/v1 does not exist$/);
    life.github({ targets: TARGETS }).act('the wait is over').flow();
    holds(life, /was closed without a merge$/);
    goesTo(life.github({ pullRequest }).poked().flow(), 'stable/v1', 1);
  }),
  probe('the target branch moves under an approved merge', V1, life => {
    life
      .until('merge')
      .github({ targets: { ...TARGETS, 'stable/v1': 'v1-moved' } })
      .approve()
      .flow();
    mustBe('29 merged', life.world.state.candidate?.base, 'v1-moved');
    life.until();
  }),
  probe('a scheduler does not read the target branch', V1, life => {
    life.untilEffect('claim-branch');
    const { policy, repository } = life.world.state;
    if (policy === undefined || repository === undefined) return;
    const answer = { type: 'policy-read', policy, repository: omit(repository, 'target') } as const;
    relabelled(life.flow(), 'v2').decide('ann', { kind: 'retry' }).untilEffect('read-policy');
    life.do(world => world.land(answer)).flow();
    holds(life, /^unexpected policy-read: it is not for stable\/v2$/);
  }),
  probe('the target branch becomes the default branch', V1, life => {
    const { repository } = life.until('merge').world.state;
    if (repository === undefined) return;
    life.forge({ repository: { ...repository, defaultBranch: 'stable/v1' } });
    must('21 in vain', approvalAsked(life.world)?.gate === 'merge', 'the target did not change');
  }),
  check('labels and milestones name branches', () => {
    const named = (labels: readonly string[], milestone?: string) =>
      namedTargets(target, { labels, ...(milestone === undefined ? {} : { milestone }) });
    mustBe('4 one target', named(['V1', 'ai']), [{ branch: 'stable/v1', by: 'label “v1”' }]);
    mustBe('4 one target', named(['v2'], '2.4'), [{ branch: 'stable/v2', by: 'label “v2”' }]);
    mustBe('4 one target', named([], '2.4'), [{ branch: 'stable/v2', by: 'milestone “2.4”' }]);
    mustBe('4 one target', named(['2.4'], 'v1'), []);
    mustBe('4 one target', namedTargets(undefined, { labels: ['v1'] }), []);
  }),
  check('a target branch says which commands run, and nothing else', () => {
    const rules = policyOf();
    const command = { name: 'a', run: 'b' };
    const { setUp, verification } = withCommandsOf(rules, {
      ...policyOf(),
      setUp: { commands: [command], inputs: ['c'], network: ['d'], timeoutMs: 5, whenInputsChange: 'run' },
      verification: {
        ...{ commands: [command], testPaths: ['t'], testCommand: 'tc', testFileCommand: 'tf', inputs: ['i'] },
        timeoutMs: 5,
      },
    });
    mustBe('8 same text', setUp, { ...rules.setUp, commands: [command], inputs: ['c'] });
    mustBe('8 same text', verification, {
      ...{ commands: [command], testPaths: ['t'], testCommand: 'tc', testFileCommand: 'tf', inputs: ['i'] },
      timeoutMs: rules.verification.timeoutMs,
    });
    must('8 same text', !('digest' in withCommandsOf(rules, rules)), 'the digest is of other values');
  }),
];
