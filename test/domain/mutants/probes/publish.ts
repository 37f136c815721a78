/** Lives from the change to the merge: evidence, publish gate, push, pull request, reviews, merge gate. */
import { approvalDigest } from '../../../../src/domain/gate.ts';
import type { IssueState } from '../../../../src/domain/state.ts';
import { must } from '../../life/invariants.ts';
import { type Given } from '../../life/guard.ts';
import { withHead } from '../../life/github.ts';
import { type Probe, probe, Scene } from '../scene.ts';

const AUTO = { mode: 'auto-run' } as const;
const odd = (kind: string) => (life: Scene) => life.untilEffect(kind).act('an odd answer comes').flow();

export const PUBLISH_PROBES: readonly Probe[] = [
  probe(
    'the evidence has a concern',
    [
      { ...AUTO, run: { concern: true } },
      { ...AUTO, run: { oddOn: 'head' } },
      { ...AUTO, run: { oddOn: 'base' } },
      { ...AUTO, run: { claims: 'skipped' } },
      { ...AUTO, run: { claims: 'stopped' } },
    ],
    life => life.until(),
  ),
  ...(['concern', 'head', 'base', 'skipped', 'stopped'] as const).map(what =>
    probe(
      `a concern: ${what}`,
      {
        ...AUTO,
        run:
          what === 'concern'
            ? { concern: true }
            : what === 'head' || what === 'base'
              ? { oddOn: what }
              : { claims: what },
      },
      life => life.until(),
    ),
  ),
  probe('what the next run will be changes before the evidence', AUTO, life =>
    life.untilEffect('assemble-evidence').run({ concern: true }).until(),
  ),
  probe('one look brings a review of one and an approval of another', AUTO, life => {
    life.until('merge').act('the risk is labelled', 1).approve().untilEffect('read-policy');
    life.act('the effect fails for good').flow().act('a reviewer approves');
    life.decide('ann', { kind: 'retry' }).act('the effect answers');
    life.comment('ann').act('the answers come').flow().until();
  }),
  probe('a protected path was changed', { ...AUTO, run: { isProtected: true } }, life => life.until()),
  probe('the change is riskier than the issue', { ...AUTO, run: { path: 'infra/main.tf' } }, life =>
    life.until(),
  ),
  probe('the policy asks before every push', { ...AUTO, publish: 'always' }, life => life.until()),
  probe('a push is approved twice over', { ...AUTO, publish: 'always' }, life => {
    life.until('publish');
    const digest = life.world.state.held === undefined ? '' : askedDigest(life);
    life.approve().until('merge').decide('ann', { kind: 'approve', digest }).flow().until();
  }),
  probe('the change is rejected, and another one is made', [{ ...AUTO, publish: 'always' }, AUTO], life =>
    life.flow().decide('ann', { kind: 'reject', reason: 'not so' }).decide('ann', { kind: 'retry' }).until(),
  ),
  probe('the push is approved and the change rejected at the merge', { ...AUTO, publish: 'always' }, life =>
    life.until('merge').decide('ann', { kind: 'reject' }).decide('ann', { kind: 'retry' }).until(),
  ),
  probe('the start is rejected', {}, life =>
    life
      .until('start')
      .decide('ann', { kind: 'reject', reason: 'no' })
      .flow()
      .decide('ann', { kind: 'retry' })
      .until(),
  ),
  probe('another commit is verified', AUTO, odd('verify-change')),
  probe('the evidence is of another commit', AUTO, odd('assemble-evidence')),
  probe('another commit is pushed', AUTO, odd('push-commit')),
  probe('another head is merged', AUTO, life =>
    life.until('merge').approve().untilEffect('merge').act('an odd answer comes').flow(),
  ),
  probe('another pull request is opened', AUTO, life => {
    life.until('merge').review('ben', 'changes-requested').untilEffect('open-pull-request');
    const known = life.world.state.pullRequest;
    if (known !== undefined)
      life
        .do(world => world.land({ type: 'pull-request-opened', pullRequest: { ...known, number: 71 } }))
        .flow();
  }),
  probe('a change of no run is built', AUTO, life => {
    life.untilEffect('build-change');
    const change = {
      runId: 'g9-a9',
      commit: 'strange',
      tree: 't',
      files: [],
      protectedPaths: [],
      diff: 'sha256:d',
    } as const;
    life.do(world => world.land({ type: 'change-built', change })).flow();
  }),
  probe('a change is refused without a reason', AUTO, life => {
    life.untilEffect('build-change');
    life.do(world => world.land({ type: 'change-refused', runId: 'g1-a1', refusals: [] })).flow();
  }),
  probe('changes are asked for, and the next change is merged', AUTO, life =>
    life.until('merge').review('ben', 'changes-requested').flow().review('ben', 'approved').flow(),
  ),
  probe('changes are asked for before the push', { ...AUTO, publish: 'always' }, life =>
    life.until('merge').review('ben', 'changes-requested').until(),
  ),
  probe('a look shows our own push before its answer', AUTO, life =>
    life
      .until('merge')
      .review('ben', 'changes-requested')
      .untilEffect('push-commit')
      .act('the effect is done')
      .event({ type: 'poked', facets: ['pull-request'] })
      .act('the upkeep answers')
      .flow()
      .until(),
  ),
  probe('a look shows the branch as it was before our push', AUTO, life =>
    life
      .until('merge')
      .review('ben', 'changes-requested')
      .untilEffect('push-commit')
      .event({ type: 'poked', facets: ['pull-request'] })
      .act('the upkeep is done')
      .act('the effect answers')
      .act('the upkeep answers')
      .flow()
      .until(),
  ),
  probe('a person puts the branch back to what we pushed before', AUTO, life => {
    life.until('merge');
    const before = life.world.state.pushed ?? '';
    life
      .review('ben', 'changes-requested')
      .until('merge')
      .approve()
      .do(world => {
        world.github = withHead(world.github, before);
      })
      .poked()
      .flow();
  }),
  probe('a person pushes before the merge', AUTO, life =>
    life.until('merge').act('a person pushes').approve().poked().flow(),
  ),
  probe('a person pushes to the claim branch before us', AUTO, life =>
    life.untilEffect('build-change').act('a person pushes').flow().decide('ann', { kind: 'cancel' }).flow(),
  ),
  probe('the pull request is closed before the merge', AUTO, life =>
    life.until('merge').told('the pull request is closed or reopened', 0).approve().flow(),
  ),
  probe('the pull request is retargeted before the merge', AUTO, life =>
    life.until('merge').told('the pull request is retargeted', 0).flow().approve().flow(),
  ),
  probe('the pull request is drafted before the merge', AUTO, life =>
    life
      .until('merge')
      .told('the pull request is drafted', 0)
      .flow()
      .approve()
      .flow()
      .told('the pull request is drafted', 1)
      .until(),
  ),
  probe('the pull request is closed, retargeted and drafted once it is approved', AUTO, life => {
    life.until('merge').decide('ann', { kind: 'escalate' }).review('ben', 'approved').flow();
    life.told('the pull request is drafted', 0).decide('ann', { kind: 'resume' }).flow();
    life.told('the pull request is drafted', 1).told('the pull request is retargeted', 0).flow();
  }),
  probe('it is approved, then closed', AUTO, life =>
    life
      .until('merge')
      .decide('ann', { kind: 'escalate' })
      .review('ben', 'approved')
      .flow()
      .told('the pull request is closed or reopened', 0)
      .flow()
      .decide('ann', { kind: 'resume' })
      .flow(),
  ),
  probe('it is approved, then retargeted', AUTO, life =>
    life
      .until('merge')
      .decide('ann', { kind: 'escalate' })
      .review('ben', 'approved')
      .flow()
      .told('the pull request is retargeted', 0)
      .flow()
      .decide('ann', { kind: 'resume' })
      .flow(),
  ),
  probe('it is approved, then drafted', AUTO, life =>
    life
      .until('merge')
      .decide('ann', { kind: 'escalate' })
      .review('ben', 'approved')
      .flow()
      .told('the pull request is drafted', 0)
      .flow()
      .decide('ann', { kind: 'resume' })
      .flow(),
  ),
  probe('it is approved, then a person pushes', AUTO, life =>
    life
      .until('merge')
      .decide('ann', { kind: 'escalate' })
      .review('ben', 'approved')
      .flow()
      .told('a person pushes', 0)
      .flow()
      .decide('ann', { kind: 'resume' })
      .flow(),
  ),
  probe('the policy leaves merging to people', { ...AUTO, mergeBy: 'person' }, life =>
    life.until('merge').approve().flow().approve().flow().told('a person merges').until(),
  ),
  probe('a person merges unasked', AUTO, life => life.until('merge').told('a person merges').until()),
  probe('a person merges and closes the issue at once', AUTO, life =>
    life.until('merge').act('a person merges').told('the issue is closed or reopened', 0).flow(),
  ),
  probe('a person merges while the issue is paused', AUTO, life =>
    life
      .until('merge')
      .decide('ann', { kind: 'pause' })
      .told('a person merges')
      .flow()
      .decide('ann', { kind: 'resume' })
      .until(),
  ),
  probe('a person merges what nobody verified', AUTO, life =>
    life.until('merge').act('a person pushes').told('a person merges').until(),
  ),
  probe('our merge was made and its answer never came', AUTO, life =>
    life
      .until('merge')
      .approve()
      .untilEffect('merge')
      .act('the effect is done and its answer fails', 1)
      .flow()
      .decide('ann', { kind: 'retry' })
      .until(),
  ),
  probe('it is merged out there after our merge is known', AUTO, life =>
    life
      .until('merge')
      .approve()
      .untilEffect('merge')
      .event({ type: 'poked', facets: ['pull-request'] })
      .act('the effect answers')
      .act('a look comes late')
      .until(),
  ),
  probe('the policy is edited before the approval of the merge', AUTO, life =>
    life.until('merge').act('the policy is edited', 2).approve().until(),
  ),
  probe('the approver of the merge has lost the role', AUTO, life =>
    life.until('merge').act('a role is taken away', 0).comment('ben').untilEffect('merge').flow(),
  ),
  probe('the merge finds that its approver lost the role', AUTO, life =>
    life.until('merge').comment('ben').untilEffect('merge').act('a role is taken away', 0).flow(),
  ),
  ...(['robot', 'reader', 'unreadable'] as const).flatMap(name => [
    probe(`a review of ${name} approves`, AUTO, life => life.until('merge').review(name, 'approved').flow()),
    probe(`a review of ${name} asks for changes`, AUTO, life =>
      life.until('merge').review(name, 'changes-requested').flow(),
    ),
  ]),
  probe('a review comes where GitHub does not count', { ...AUTO, sources: ['temporal'] }, life =>
    life.until('merge').review('ben', 'approved').flow(),
  ),
  probe('a review is dismissed', AUTO, life =>
    life
      .until('merge')
      .decide('ann', { kind: 'escalate' })
      .review('ben', 'approved')
      .flow()
      .told('reviews are dismissed')
      .flow()
      .decide('ann', { kind: 'resume' })
      .flow(),
  ),
  probe('a reviewer loses the role after approving', AUTO, life =>
    life
      .until('merge')
      .decide('ann', { kind: 'escalate' })
      .review('ben', 'approved')
      .flow()
      .told('a role is taken away', 0)
      .flow()
      .decide('ann', { kind: 'resume' })
      .flow(),
  ),
  probe('a review of an older head is read after the next push', AUTO, life =>
    life
      .until('merge')
      .act('a reviewer approves')
      .decide('ann', { kind: 'reject' })
      .decide('ann', { kind: 'retry' })
      .untilEffect('merge')
      .flow(),
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

function askedDigest(life: Scene): string {
  const step = life.step();
  return step.kind === 'hold' ? (step.hold.digest ?? '') : '';
}
