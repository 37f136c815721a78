/** After the merge: what arrived must be what was verified. */
import type { Below } from '../../life/merging.ts';
import { must } from '../../life/invariants.ts';
import { AUTO, probe, type Probe, type Scene } from '../scene.ts';
import { moved } from './candidates.ts';

const ARRIVALS: Readonly<Record<string, (life: Scene) => void>> = {
  'another merge is faster': life => {
    fasterThan(life);
    const { arrival, candidate } = life.world.state;
    must('29 merged', arrival?.base === 'base-2' && candidate?.isLate === true, 'it was not verified');
    must('21 in vain', life.world.state.verifiedAt !== undefined, 'somebody is asked');
  },
  'another merge is faster, and a check fails': life => {
    fasterThan(life, { fails: true });
    asksOwner(life, 'on which it was not verified before: test together');
  },
  'a bad merge that was approved': life => {
    moved(life.until('merge'), { fails: true }).approve().flow();
    life.approve().flow();
    must('21 in vain', life.world.state.verifiedAt !== undefined, 'it is asked about again');
  },
  'a person merges into a moved branch, and edits the issue': life => {
    moved(life.until('merge')).act('a person merges').told('the issue is edited', 1).flow();
    must('21 in vain', life.world.state.verifiedAt !== undefined, 'somebody is asked');
  },
  'the merge is not the one of git': life => {
    moved(life.until('merge').github({ oddMerge: true }))
      .act('a person merges')
      .poked()
      .flow();
    asksOwner(life, 'not what git makes');
  },
  'the merge on the same base is not the one of git': life => {
    life.until('merge').github({ oddMerge: true }).act('a person merges').poked().flow();
    asksOwner(life, 'not what git makes');
  },
  'somebody resolved a conflict': life => {
    life.until('merge').github({ base: 'base-2', movedBelow: ['src/price.ts'] });
    life.act('a person merges').poked().flow();
    asksOwner(life, 'conflicted');
    must('21 in vain', life.world.state.runs.length === 1, 'another run after the merge');
  },
  'the merge is read for another one': life => {
    life.until('merge').approve().untilEffect('read-arrival').act('the answer of another effect comes', 1);
    life.until();
  },
};

/** Another merge comes between our last read of the branch and our merge. Its verification takes a while. */
function fasterThan(life: Scene, below: Below = {}): void {
  life.until('merge').approve().untilEffect('merge');
  moved(life, below)
    .untilEffect('verify-candidate')
    .do(() => undefined)
    .flow();
}

function asksOwner(life: Scene, what: string): void {
  const step = life.step();
  const why = step.kind === 'hold' ? step.hold.why.join() : step.kind;
  must('21 told', why.includes(what), `“${why}” does not say: ${what}`);
  must('29 merged', life.world.state.verifiedAt === undefined, 'it counts as released');
  life.decide('ann', { kind: 'verify-release' }).flow();
  must('21 heard', life.world.state.verifiedAt !== undefined, 'the word of the owner does not count');
}

export const ARRIVAL_PROBES: readonly Probe[] = Object.entries(ARRIVALS).map(([name, play]) =>
  probe(`what arrives: ${name}`, AUTO, play),
);
