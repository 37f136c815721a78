/** Lives after the merge: deployment, probes, soak, sign-off, and the closing. */
import type { ReleaseFacts } from '../../../../src/domain/state/release.ts';
import { type Probe, probe, type Scene } from '../scene.ts';

const AUTO = { mode: 'auto-run' } as const;
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

export const RELEASE_PROBES: readonly Probe[] = [
  probe('a deployment is waited for and soaks', DEPLOYED, life => waits(deploy(waits(life.until()), {}), 2)),
  probe('a deployment is told of while it is read', DEPLOYED, life => {
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
  probe('a deployment is told of before the answer of the merge', DEPLOYED, life =>
    life
      .until('merge')
      .approve()
      .untilEffect('merge')
      .act('the effect is done')
      .github({ deployment: { state: 'success', containsMerge: true, url: '', since: life.world.now } })
      .event({ type: 'poked', facets: ['deployments'] })
      .flow(),
  ),
  probe('a deployment fails', DEPLOYED, life => {
    deploy(life.until(), { state: 'failure' });
    deploy(life, {});
    waits(life.decide('ann', { kind: 'retry' }).flow(), 2);
  }),
  probe('an older deployment fails', DEPLOYED, life =>
    waits(deploy(life.until(), { state: 'failure', containsMerge: false })),
  ),
  probe('a deployment does not contain the merge', { ...DEPLOYED, soakMs: 0 }, life =>
    waits(deploy(life.until(), { containsMerge: false })),
  ),
  probe('a deployment is pending', { ...DEPLOYED, soakMs: 0 }, life =>
    waits(deploy(life.until(), { state: 'pending' }), 3),
  ),
  probe('the deployment fails during the soak', DEPLOYED, life => {
    deploy(life.until(), {});
    const since = life.world.now;
    life.github({ deployment: { state: 'failure', containsMerge: true, url: '', since } });
    waits(life, 2);
  }),
  probe('no deployment ever comes', DEPLOYED, life => {
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
  probe('the soak begins with the merge', { ...AUTO, soakMs: 60_000 }, life => waits(life.until(), 3)),
  probe(
    'the release is signed off by its owner',
    ['ann', '@Ann'].map(owner => ({ ...AUTO, signOff: 'low' as const, owner })),
    life =>
      life
        .until('release')
        .decide('ben', { kind: 'verify-release' })
        .approve('ben')
        .flow()
        .approve('ann')
        .flow(),
  ),
  probe('the release owner is assigned', { ...AUTO, signOff: 'low', owner: 'ann' }, life =>
    life
      .until('release')
      .decide('ann', { kind: 'assign-release-owner', to: 'ben' })
      .flow()
      .approve('ann')
      .decide('ann', { kind: 'verify-release' })
      .flow()
      .approve('ben')
      .flow(),
  ),
  probe('the release has no named owner', { ...AUTO, signOff: 'low' }, life =>
    life.until('release').approve('zoe').flow(),
  ),
  probe('the sign-off is not asked below its risk', { ...AUTO, signOff: 'high' }, life => life.until()),
  probe(
    'the sign-off is asked for a risky change',
    { ...AUTO, signOff: 'high', run: { path: 'infra/a.tf' } },
    life => life.until(),
  ),
  probe('the policy changes before the sign-off', { ...AUTO, signOff: 'low' }, life =>
    life
      .until('release')
      .act('the policy is edited', 1)
      .decide('ann', { kind: 'escalate' })
      .decide('ann', { kind: 'retry' })
      .until(),
  ),
  probe('the release is verified by hand', DEPLOYED, life =>
    life.until().decide('ann', { kind: 'verify-release' }).decide('ann', { kind: 'verify-release' }).flow(),
  ),
  probe('it is paused before it is closed', AUTO, life =>
    life
      .until('merge')
      .approve()
      .untilEffect('check-release')
      .decide('ann', { kind: 'pause' })
      .flow()
      .act('time goes by', 1)
      .decide('ann', { kind: 'verify-release' })
      .flow()
      .decide('ann', { kind: 'resume' })
      .flow(),
  ),
  probe('it is cancelled after the merge', DEPLOYED, life =>
    life.until().decide('ann', { kind: 'cancel' }).flow(),
  ),
  probe('the opt-in is taken away after the merge', DEPLOYED, life =>
    life.until().told('the opt-in changes', 0).flow().decide('ann', { kind: 'verify-release' }).flow(),
  ),
  probe('the issue is closed and reopened after the merge', DEPLOYED, life =>
    life
      .until()
      .told('the issue is closed or reopened', 0)
      .flow()
      .told('the issue is closed or reopened', 1)
      .flow()
      .decide('ann', { kind: 'verify-release' })
      .flow(),
  ),
  probe('the issue is closed by hand after the merge', DEPLOYED, life =>
    life
      .until()
      .told('the issue is closed or reopened', 0)
      .flow()
      .decide('ann', { kind: 'verify-release' })
      .flow(),
  ),
  probe('the issue cannot be seen after the merge', DEPLOYED, life =>
    life.until().told('the issue is gone or back', 0).flow().decide('ann', { kind: 'verify-release' }).flow(),
  ),
  probe('the issue is deleted after the merge', DEPLOYED, life =>
    life.until().told('the issue is gone or back', 3).flow().decide('ann', { kind: 'verify-release' }).flow(),
  ),
  probe('news comes in just before the closing', AUTO, life =>
    life
      .until('merge')
      .approve()
      .untilEffect('check-release')
      .event({ type: 'poked', facets: ['comments'] })
      .flow(),
  ),
];
