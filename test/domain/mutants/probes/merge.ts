/** From the pull request to the merge: reviews, the merge gate, and what others do to the pull request. */
import { approvalDigest } from '../../../../src/domain/gate.ts';
import type { IssueState } from '../../../../src/domain/state.ts';
import { type Given } from '../../life/guard.ts';
import { must } from '../../life/invariants.ts';
import { review } from '../../life/people.ts';
import { AUTO, type Probe, probe, Scene } from '../scene.ts';

/** What happens between a review that approves and the merge, which waits for a person to resume. */
const AFTER_APPROVAL = {
  'it is approved, then closed': 'the pull request is closed or reopened',
  'it is approved, then retargeted': 'the pull request is retargeted',
  'it is approved, then drafted': 'the pull request is drafted',
  'it is approved, then a person pushes': 'a person pushes',
  'a review is dismissed': 'reviews are dismissed',
  'a reviewer loses the role after approving': 'a role is taken away',
};

export const MERGE_PROBES: readonly Probe[] = [
  ...(['squash', 'rebase'] as const).map(method =>
    probe(`a ${method} over a moved branch`, { ...AUTO, method }, life => {
      life.until('merge').github({ base: 'base-2' }).approve().flow();
      const { arrival, candidate, merge } = life.world.state;
      must('21 in vain', merge !== undefined && arrival?.tree === candidate?.tree, 'it is not merged');
      must('21 in vain', candidate?.base === 'base-2', 'what was verified is verified again');
      life.until();
      life.end();
    }),
  ),
  probe(
    'an up-to-date head is required, and another merge was faster',
    { ...AUTO, upToDate: 'head' },
    life => {
      life.until('merge').github({ oddMerge: true }).approve().flow();
      const step = life.step();
      must('29 merged', step.kind === 'hold' && /had moved on/.test(step.hold.why.join()), 'no hold');
    },
  ),
  probe('the pull request is closed before the merge', AUTO, life =>
    life.until('merge').told('the pull request is closed or reopened', 0).approve().flow(),
  ),
  probe('the pull request is retargeted before the merge', AUTO, life =>
    life.until('merge').told('the pull request is retargeted', 0).flow().approve().flow(),
  ),
  probe('the pull request is drafted before the merge', AUTO, life => {
    life.until('merge').told('the pull request is drafted', 0).flow().approve().flow();
    life.told('the pull request is drafted', 1).until();
  }),
  probe('the pull request is closed, retargeted and drafted once it is approved', AUTO, life => {
    life.until('merge').decide('ann', { kind: 'escalate' }).review('ben', 'approved').flow();
    life.told('the pull request is drafted', 0).decide('ann', { kind: 'resume' }).flow();
    life.told('the pull request is drafted', 1).told('the pull request is retargeted', 0).flow();
  }),
  ...Object.entries(AFTER_APPROVAL).map(([name, act]) =>
    probe(name, AUTO, life => {
      life.until('merge').decide('ann', { kind: 'escalate' }).review('ben', 'approved').flow();
      life.told(act).flow().decide('ann', { kind: 'resume' }).flow();
    }),
  ),
  probe('the policy leaves merging to people', { ...AUTO, mergeBy: 'person' }, life =>
    life.until('merge').approve().flow().approve().flow().told('a person merges').until(),
  ),
  probe('a person merges unprompted', AUTO, life => life.until('merge').told('a person merges').until()),
  ...['queue[bot]', 'queue'].flatMap(by => {
    const merge = (life: Scene, type: 'Bot' | 'other' = 'Bot'): Scene => {
      const { head } = life.pullRequest;
      const merged = { commit: `queued-${head}`, by, ...(by === 'queue' ? { type } : {}) };
      const { pullRequest } = life.world.github;
      if (pullRequest === undefined) return life;
      return life.github({ pullRequest: { ...pullRequest, state: 'closed', merged } }).poked();
    };
    const setting = { ...AUTO, mergeBy: 'person' } as const;
    return [
      probe(`${by} merges unprompted`, setting, life => merge(life.until('merge'), 'other').flow().until()),
      probe(`${by} merges what a person approved`, setting, life =>
        merge(life.until('merge').approve().flow()).until(),
      ),
      probe(`${by} merges with a review that nobody has read yet`, setting, life => {
        life.until('merge').do(world => review(world, 'ben', 'approved'));
        merge(life).until();
      }),
      probe(`${by} merges an unverified commit that a person approved`, setting, life => {
        life.until('merge').approve().flow().act('a person pushes').poked();
        merge(life.flow()).until();
      }),
    ];
  }),
  probe('a person merges while the issue is paused', AUTO, life => {
    life.until('merge').decide('ann', { kind: 'pause' }).told('a person merges').flow();
    life.decide('ann', { kind: 'resume' }).until();
  }),
  probe('a person merges an unverified commit', AUTO, life =>
    life.until('merge').act('a person pushes').told('a person merges').until(),
  ),
  probe('the approver of the merge lost the role', AUTO, life =>
    life.until('merge').act('a role is taken away', 0).comment('ben').untilEffect('merge').flow(),
  ),
  ...(['robot', 'reader', 'unreadable'] as const).flatMap(name => [
    probe(`a review of ${name} approves`, AUTO, life => life.until('merge').review(name, 'approved').flow()),
    probe(`a review of ${name} asks for changes`, AUTO, life =>
      life.until('merge').review(name, 'changes-requested').flow(),
    ),
  ]),
  probe('a review arrives although the policy excludes GitHub', { ...AUTO, sources: ['temporal'] }, life =>
    life.until('merge').review('ben', 'approved').flow(),
  ),
  {
    name: 'approvals of states that differ in one fact',
    play: () => {
      const life = new Scene({ ...AUTO, verify: 'deployment', signOff: 'low' });
      const { state } = life.until('merge').approve().flow().world;
      const { change, evidence, merge, claim, runs } = state;
      const [run] = runs;
      if (!change || !evidence || !merge || !claim || !run) throw new Error('it was not merged');
      const elsewhere = { ...run, inputs: { ...run.inputs, base: 'base-9' } };
      const others: readonly Partial<IssueState>[] = [
        { change: { ...change, commit: 'c9' }, evidence: { ...evidence, commit: 'c9' } },
        { evidence: { ...evidence, digest: 'sha256:e9' } },
        { claim: { ...claim, base: 'base-9' }, runs: [elsewhere] },
        { merge: { ...merge, commit: 'm9' } },
      ];
      for (const other of others) {
        const isSame = approvalDigest({ ...state, ...other }, 'release') === approvalDigest(state, 'release');
        must('7 bound', !isSame, `one approval is for both, whatever ${Object.keys(other).join()}`);
      }
    },
  },
  {
    name: 'two issues, and two lives of one, have the same text',
    play: () => {
      const given: Given = new Map();
      for (const start of [{}, { generation: 2 }, { number: 8 }]) {
        const life = new Scene({ ...start, given, signOff: 'low', publish: 'always' });
        life.until();
        life.end();
      }
    },
  },
];
