/** Directed lives in which the default branch moves on below a change. */
import { boundTo } from '../../../../src/domain/bound-to.ts';
import { changedParts } from '../../../../src/domain/bound.ts';
import { approvalDigest } from '../../../../src/domain/gate.ts';
import { issueOf } from '../../life/fixtures.ts';
import { must } from '../../life/invariants.ts';
import { probe, type Probe, Scene } from '../scene.ts';

const AUTO = { mode: 'auto-run' } as const;
const moved = (life: Scene): Scene => life.act('the default branch moves', 2);

export const BASE_PROBES: readonly Probe[] = [
  probe('the default branch moves below an approved merge', AUTO, life => {
    moved(life.until('merge')).approve().flow();
    life.until();
  }),
  probe('the default branch moves, and may', { ...AUTO, upToDate: false }, life => {
    moved(life.until('merge')).approve().flow();
  }),
  probe('the default branch moves below what is to be published', { ...AUTO, publish: 'always' }, life => {
    moved(life.until('publish')).approve().flow();
    life.until();
  }),
  probe('the default branch moves below a spike', { mode: 'spike', publish: 'always' }, life => {
    moved(life.until('publish')).approve().flow();
  }),
  probe('the default branch changes the same file', AUTO, life => {
    moved(life.until('merge').github({ movedBelow: ['src/price.ts'] }))
      .approve()
      .flow();
    life.until();
  }),
  {
    name: 'the default branch moves by a merge of which no word came',
    play: () => {
      const life = new Scene(AUTO)
        .until('merge')
        .act('a person merges')
        .github({ movedBelow: ['src/price.ts'] });
      const { world } = moved(life).approve().flow();
      must('21 in vain', world.state.runs.length === 1, 'another run of what was merged');
      life.end();
    },
  },
  {
    name: 'the issue is edited after the merge',
    play: () => {
      const { state } = new Scene({ ...AUTO, signOff: 'low' }).until('release').world;
      const edited = { ...state, subject: issueOf({ edition: 2 }) };
      const told = changedParts(boundTo(state, 'release'), boundTo(edited, 'release'));
      must(
        '7 told',
        !told.some(part => part.includes('base')),
        `the base is told to be another: ${told.join()}`,
      );
    },
  },
  {
    name: 'the default branch moves after the merge',
    play: () => {
      const { state } = new Scene({ ...AUTO, signOff: 'low' }).until('release').world;
      const later = state.repository && { ...state, repository: { ...state.repository, head: 'base-9' } };
      const isSame = approvalDigest(later ?? state, 'release') === approvalDigest(state, 'release');
      must('21 in vain', later !== undefined && isSame, 'what was shown is asked for anew');
    },
  },
];
