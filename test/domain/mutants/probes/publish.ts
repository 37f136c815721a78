/** Lives from the change to the pull request: evidence, publish gate, push, and what others do to the branch. */
import { withHead } from '../../life/github.ts';
import { type Probe, probe, type Scene } from '../scene.ts';

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
];

function askedDigest(life: Scene): string {
  const step = life.step();
  return step.kind === 'hold' ? (step.hold.digest ?? '') : '';
}
