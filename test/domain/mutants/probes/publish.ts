/** From the change to the pull request: evidence, publish gate, push, and what others do to the branch. */
import { withHead } from '../../life/github.ts';
import type { NextRun } from '../../life/runs.ts';
import { AUTO, type Probe, probe, type Scene } from '../scene.ts';

const CONCERNS: readonly Partial<NextRun>[] = [
  { concern: true },
  { oddOn: 'head' },
  { oddOn: 'base' },
  { claims: 'skipped' },
  { claims: 'stopped' },
];
const odd = (kind: string) => (life: Scene) => life.untilEffect(kind).act('an odd answer comes').flow();

export const PUBLISH_PROBES: readonly Probe[] = [
  ...CONCERNS.map(run =>
    probe(`a concern: ${Object.entries(run).flat().join(' ')}`, { ...AUTO, run }, life => life.until()),
  ),
  probe('a protected path was changed', { ...AUTO, run: { isProtected: true } }, life => life.until()),
  probe('the change is riskier than the issue', { ...AUTO, run: { path: 'infra/main.tf' } }, life =>
    life.until(),
  ),
  probe('the policy asks before every push', { ...AUTO, publish: 'always' }, life => life.until()),
  probe('a push is approved twice', { ...AUTO, publish: 'always' }, life => {
    life.until('publish');
    const { digest } = life;
    life.approve().until('merge').decide('ann', { kind: 'approve', digest }).flow().until();
  }),
  probe('the change is rejected, and another one is made', [{ ...AUTO, publish: 'always' }, AUTO], life =>
    life.flow().decide('ann', { kind: 'reject', reason: 'not so' }).decide('ann', { kind: 'retry' }).until(),
  ),
  probe('the push is approved and the change rejected at the merge', { ...AUTO, publish: 'always' }, life =>
    life.until('merge').decide('ann', { kind: 'reject' }).decide('ann', { kind: 'retry' }).until(),
  ),
  probe('the start is rejected', {}, life => {
    life.until('start').decide('ann', { kind: 'reject', reason: 'no' }).flow();
    life.decide('ann', { kind: 'retry' }).until();
  }),
  probe('the evidence is of another commit', AUTO, odd('assemble-evidence')),
  probe('another commit is pushed', AUTO, odd('push-commit')),
  probe('another head is merged', AUTO, life =>
    life.until('merge').approve().untilEffect('merge').act('an odd answer comes').flow(),
  ),
  probe('another pull request is opened', AUTO, life => {
    life.until('merge').review('ben', 'changes-requested').untilEffect('open-pull-request');
    const known = life.world.state.pullRequest;
    if (known !== undefined)
      life.do(world => world.land({ type: 'pull-request-opened', pullRequest: { ...known, number: 71 } }));
    life.flow();
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
  probe('changes are asked for, and the next change is merged', AUTO, life =>
    life.until('merge').review('ben', 'changes-requested').flow().review('ben', 'approved').flow(),
  ),
  probe('a look shows our own push before its answer', AUTO, life => {
    life.until('merge').review('ben', 'changes-requested').untilEffect('push-commit');
    life.act('the effect is done').event({ type: 'poked', facets: ['pull-request'] });
    life.act('the upkeep answers').flow().until();
  }),
  probe('a look shows the branch as it was before our push', AUTO, life => {
    life.until('merge').review('ben', 'changes-requested').untilEffect('push-commit');
    life.event({ type: 'poked', facets: ['pull-request'] }).act('the upkeep is done');
    life.act('the effect answers').act('the upkeep answers').flow().until();
  }),
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
];
