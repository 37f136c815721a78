/** Stage changes that no other probe brings about. */
import type { EventBody } from '../../../../src/domain/event.ts';
import { issueOf } from '../../life/fixtures.ts';
import { AUTO, type Probe, probe, type Scene } from '../scene.ts';

const GONE: EventBody = {
  type: 'observed',
  observation: { facets: ['issue'], issue: { gone: 'transferred' } },
};
const CLOSED: EventBody = {
  type: 'observed',
  observation: { facets: ['issue'], issue: issueOf({ state: 'closed' }) },
};
const ANN = { kind: 'person', login: 'ann', how: 'temporal' } as const;
const CANCEL: EventBody = {
  type: 'decision',
  decision: { kind: 'cancel', id: 'c', source: 'temporal', by: ANN },
};

/** The answer of the effect in flight and the event arrive together. */
const together = (life: Scene, event: EventBody): Scene =>
  life.act('the effect is done').do(world => {
    world.inbox = [...(world.effect?.answer === undefined ? [] : [world.effect.answer]), event];
    world.effect = undefined;
    world.settle();
  });

const merging = (life: Scene): Scene => life.until('merge').approve().untilEffect('merge');

export const STAGE_PROBES: readonly Probe[] = [
  ...Object.entries({ CANCEL, CLOSED, GONE }).map(([name, event]) =>
    probe(`the claim is answered together with ${name}`, AUTO, life =>
      together(life.untilEffect('claim-branch'), event).flow(),
    ),
  ),
  probe('the issue is edited while it is merged', AUTO, life => {
    merging(life).act('the effect is done').told('the issue is edited', 1);
    life.act('the upkeep answers').flow();
  }),
  probe('the issue is deleted while it is merged', AUTO, life =>
    merging(life).act('the effect is done').github({ gone: 'deleted' }).poked().flow(),
  ),
  probe('the artifacts are lost before the merge', AUTO, life =>
    merging(life).fail('ArtifactMissing').decide('ann', { kind: 'retry' }).flow(),
  ),
  probe('a comment verifies the release', { ...AUTO, signOff: 'low', owner: 'ann' }, life =>
    life.until('release').comment('ann', { kind: 'verify-release' }).flow(),
  ),
  probe('the issue is cancelled, then deleted', AUTO, life => {
    life.untilEffect('run-agent').decide('ann', { kind: 'cancel' }).github({ gone: 'deleted' }).poked();
    life.flow();
  }),
  probe('a person merges, then the issue is transferred, and one look finds both', AUTO, life =>
    life.until('merge').act('a person merges').github({ gone: 'transferred' }).poked().flow(),
  ),
  probe('the issue is closed, then its pull request merged', AUTO, life => {
    life.until('merge').github({ issue: issueOf({ state: 'closed' }) });
    life
      .event({ type: 'poked', facets: ['issue'] })
      .told('a person merges')
      .flow();
  }),
];
