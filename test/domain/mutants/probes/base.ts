/** The default branch moves under a change. */
import { currentBase } from '../../../../src/domain/facts.ts';
import { approvalDigest } from '../../../../src/domain/gate.ts';
import { must } from '../../life/invariants.ts';
import { AUTO, probe, type Probe, Scene } from '../scene.ts';

const moved = (life: Scene): Scene => life.act('the default branch moves', 2);

export const BASE_PROBES: readonly Probe[] = [
  probe('the default branch moves under an approved merge', AUTO, life => {
    moved(life.until('merge')).approve().flow();
    life.until();
  }),
  probe('the default branch moves and need not be current', { ...AUTO, upToDate: false }, life => {
    moved(life.until('merge')).approve().flow();
  }),
  probe('the default branch moves before the push is approved', { ...AUTO, publish: 'always' }, life => {
    moved(life.until('publish')).approve().flow();
    life.until();
  }),
  probe('the default branch moves under a spike', { mode: 'spike', publish: 'always' }, life => {
    moved(life.until('publish')).approve().flow();
  }),
  probe('the default branch changes the same file', AUTO, life => {
    moved(life.until('merge').github({ movedBelow: ['src/price.ts'] }))
      .approve()
      .flow();
    life.until();
  }),
  probe('a change that is built again, and others changed its file', { ...AUTO, upToDate: 'head' }, life => {
    moved(life.until('merge').github({ movedBelow: ['src/price.ts'] }))
      .approve()
      .flow();
    life.until();
  }),
  probe('the base of a change that follows the default branch', { ...AUTO, upToDate: 'head' }, life => {
    const { state } = moved(life.until('merge')).approve().flow().world;
    const { claim, change } = state;
    must('7 bound', change?.base !== undefined && change.base !== claim?.base, 'the change did not follow');
    must('7 bound', currentBase(state) === change?.base, 'people are told the base of the claim');
  }),
  {
    name: 'the default branch moves by an unreported merge',
    play: () => {
      const life = new Scene(AUTO)
        .until('merge')
        .act('a person merges')
        .github({ movedBelow: ['src/price.ts'] });
      const { world } = moved(life).approve().flow();
      must('21 in vain', world.state.runs.length === 1, 'another run after the merge');
      life.end();
    },
  },
  {
    name: 'the default branch moves after the merge',
    play: () => {
      const { state } = new Scene({ ...AUTO, signOff: 'low' }).until('release').world;
      const later = state.repository && { ...state, repository: { ...state.repository, head: 'base-9' } };
      const isSame = approvalDigest(later ?? state, 'release') === approvalDigest(state, 'release');
      must('21 in vain', later !== undefined && isSame, 'the approval is requested again');
    },
  },
];
