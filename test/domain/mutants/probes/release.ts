/** After the merge: deployment, probes, soak, sign-off, and the closing. */
import type { ReleaseFacts } from '../../../../src/domain/state/release.ts';
import { must as is } from '../../life/invariants.ts';
import { AUTO, type Probe, probe, type Scene } from '../scene.ts';

const DEPLOYED = { ...AUTO, verify: 'deployment', soakMs: 60_000 } as const;
const HOUR_MS = 3_600_000;

function deploy(life: Scene, part: Partial<NonNullable<ReleaseFacts['deployment']>>): Scene {
  const deployment = {
    state: 'success',
    containsMerge: true,
    url: '',
    since: life.world.now,
    ...part,
  } as const;
  return life
    .github({ deployment })
    .event({ type: 'poked', facets: ['deployments'] })
    .flow();
}

const waits = (life: Scene, times = 1): Scene => {
  for (let time = 0; time < times; time++) life.act('the wait is over').flow();
  return life;
};

type Missing = NonNullable<ReleaseFacts['missing']>[number];
const lost = (part: Partial<Missing> = {}): Missing => ({
  ...{ where: 'default-branch', commit: 'c'.repeat(40), how: 'gone', paths: ['a.ts'], pathsInAll: 3 },
  ...part,
});

/** The owner reads what was found and where. */
function asksAbout(life: Scene, missing: readonly Missing[], words: RegExp): Scene {
  life
    .github({ missing })
    .event({ type: 'poked', facets: ['deployments'] })
    .flow();
  const step = life.step();
  const why = step.kind === 'hold' && step.hold.kind === 'blocked' ? step.hold.why.join() : '';
  is('21 told', words.test(why), `the owner reads: ${why}`);
  return life;
}

export const RELEASE_PROBES: readonly Probe[] = [
  probe('the change is reverted in the soak and brought back', DEPLOYED, life => {
    deploy(life.until(), {});
    asksAbout(
      life,
      [lost()],
      /taken back: it is not in the default branch \(commit c{12}\): a\.ts and 2 more$/,
    );
    life.github({ missing: [] }).decide('ann', { kind: 'retry' }).flow();
    waits(life, 2);
  }),
  probe('a revert is deployed, and its owner accepts that', DEPLOYED, life => {
    deploy(life.until(), {});
    const elsewhere = [lost({ how: 'unclear', paths: [] }), lost({ where: 'deployment', pathsInAll: 1 })];
    asksAbout(life, elsewhere, /it is not in what is deployed to production \(commit c{12}\): a\.ts$/);
    life.decide('ann', { kind: 'verify-release' }).flow();
  }),
  probe('the merged lines are changed again', DEPLOYED, life => {
    deploy(life.until(), {});
    asksAbout(
      life,
      [lost({ how: 'unclear', paths: [], pathsInAll: 0 })],
      /may no longer be in the default branch \(commit c{12}\)$/,
    );
  }),
  probe('the issue is closed and reopened after the merge', DEPLOYED, life => {
    for (const n of [0, 1]) life.until().told('the issue is closed or reopened', n).flow();
    life.decide('ann', { kind: 'verify-release' }).flow();
  }),
  probe('a deployment arrives and soaks', DEPLOYED, life => waits(deploy(waits(life.until()), {}), 2)),
  probe('a deployment is announced while the release is read', DEPLOYED, life => {
    life.until();
    life
      .act('the wait is over')
      .event({ type: 'poked', facets: ['deployments'] })
      .flow();
    deploy(life, { state: 'pending' });
    life.act('the wait is over').act('the effect is done');
    life.github({ deployment: { state: 'failure', containsMerge: true, url: '', since: life.world.now } });
    life.event({ type: 'poked', facets: ['deployments'] }).flow();
  }),
  probe('an older deployment fails', DEPLOYED, life =>
    waits(deploy(life.until(), { state: 'failure', containsMerge: false })),
  ),
  probe('no deployment arrives', DEPLOYED, life => {
    life.until();
    waits(life, 3);
    life.do(world => world.advance(72 * HOUR_MS)).flow();
    waits(life, 4);
  }),
  probe(
    'a probe fails',
    { ...AUTO, github: { probes: [{ url: 'https://shop.example', ok: false, found: '503' }] } },
    life => {
      waits(life.until(), 2);
      waits(life.github({ probes: [{ url: 'https://shop.example', ok: true, found: '200' }] }), 2);
    },
  ),
  probe('the merge is not on the default branch', { ...AUTO, github: { rewritten: true } }, life =>
    waits(life.until(), 2),
  ),
  probe(
    'the release is signed off by its owner',
    ['ann', '@Ann'].map(owner => ({ ...AUTO, signOff: 'low' as const, owner })),
    life => {
      life.until('release').decide('ben', { kind: 'verify-release' }).approve('ben').flow().approve('ann');
      life.flow();
    },
  ),
  probe('the release owner is assigned', { ...AUTO, signOff: 'low', owner: 'ann' }, life => {
    life.until('release').decide('ann', { kind: 'assign-release-owner', to: 'ben' }).flow().approve('ann');
    life.decide('ann', { kind: 'verify-release' }).flow().approve('ben').flow();
  }),
  probe('a bot is named as the owner, and decides', { ...AUTO, signOff: 'low' }, life => {
    life.until('release').decide('ann', { kind: 'assign-release-owner', to: 'deploy[bot]' }).flow();
    life.decide('ann', { kind: 'escalate', to: 'Deploy[Bot]' }).flow();
    life.decide('deploy[bot]', { kind: 'verify-release' }).flow().approve('ann').flow();
  }),
  probe('the sign-off is not required below its risk', { ...AUTO, signOff: 'high' }, life => life.until()),
  probe(
    'the sign-off is required for a risky change',
    { ...AUTO, signOff: 'high', run: { path: 'infra/a.tf' } },
    life => life.until(),
  ),
  probe('the policy changes before the sign-off', { ...AUTO, signOff: 'low' }, life => {
    life.until('release').act('the policy is edited', 1).decide('ann', { kind: 'escalate' });
    life.decide('ann', { kind: 'retry' }).until();
  }),
  probe('it is paused before it is closed', AUTO, life => {
    life.until('merge').approve().untilEffect('check-release').decide('ann', { kind: 'pause' }).flow();
    life.act('time goes by', 1).decide('ann', { kind: 'verify-release' }).flow();
    life.decide('ann', { kind: 'resume' }).flow();
  }),
  probe('it is cancelled after the merge', DEPLOYED, life =>
    life.until().decide('ann', { kind: 'cancel' }).flow(),
  ),
  ...Object.entries({
    'the opt-in is removed after the merge': ['the opt-in changes', 0],
    'the issue is closed by hand after the merge': ['the issue is closed or reopened', 0],
    'the issue is not visible after the merge': ['the issue is gone or back', 0],
    'the issue is deleted after the merge': ['the issue is gone or back', 3],
  } as const).map(([name, [act, n]]) =>
    probe(name, DEPLOYED, life => {
      life.until().told(act, n).flow();
      life.decide('ann', { kind: 'verify-release' }).flow();
    }),
  ),
];
