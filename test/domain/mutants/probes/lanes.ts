/** Directed lives of what is in flight: an effect gives way to another one of its kind, and of another kind. */
import { must } from '../../life/invariants.ts';
import { type Probe, probe, type Scene } from '../scene.ts';

const AUTO = { mode: 'auto-run' } as const;

/** News that is read while the effect goes on. */
function editedDuring(life: Scene, kind: string): void {
  const reads = (): Scene => life.do(world => world.landUpkeep());
  life.untilEffect(kind);
  reads().told('the issue is edited', 1);
  reads();
  must('3 cancelled', life.world.effect?.cancelled === true, `${kind} goes on with the text of before`);
  life.act('the effect ends as cancelled');
}

export const LANE_PROBES: readonly Probe[] = [
  probe('the issue is edited during a run', AUTO, life => {
    editedDuring(life, 'run-agent');
    life.flow();
  }),
  probe('the issue is edited during a verification', AUTO, life => {
    editedDuring(life, 'verify-change');
    life.flow();
  }),
];
