/** Effects and upkeep in flight: the rule of the two lanes, and effects that are cancelled for another one. */
import { isDeepStrictEqual } from 'node:util';
import {
  type Flights,
  type LaneInstruction,
  lanesOf,
  type LaneRules,
  NO_FLIGHTS,
} from '../../../../src/domain/lanes.ts';
import { must } from '../../life/invariants.ts';
import { AUTO, check, type Probe, probe, type Scene } from '../scene.ts';

interface Due {
  readonly step: ReturnType<LaneRules<Due, string, string>['nextStep']>;
  readonly upkeep?: string;
  readonly notice?: string;
  readonly later?: number;
}

/** Rules that say no more than what is due. */
const lanes = lanesOf<Due, string, string, string>({
  nextStep: due => due.step,
  nextUpkeep: due => due.upkeep,
  nextNotice: due => due.notice,
  upkeepDueAt: due => due.later,
  isSameEffect: (one, other) => one === other,
});

const push: Due['step'] = { kind: 'effect', effect: 'push' };
const merge: Due['step'] = { kind: 'effect', effect: 'merge' };
const hold: Due['step'] = { kind: 'hold', until: 7 };
const wait: Due['step'] = { kind: 'wait' };
const end: Due['step'] = { kind: 'end' };
const pushing = { effect: { effect: 'push', cancelled: false } };
const cancelled = { effect: { effect: 'push', cancelled: true } };
const looking = { upkeep: { upkeep: 'look' } };
const PUSH = { do: 'start-effect', effect: 'push' } as const;
const telling = { notice: { notice: 'told' } };
const TELL = { do: 'start-notice', notice: 'told' } as const;
const LOOK = { do: 'start-upkeep', upkeep: 'look' } as const;

type Flying = Partial<Flights<string, string>>;

/** What is due, what is in flight, and the instruction that follows. */
const LANES: readonly (readonly [Due, Flying, LaneInstruction<string, string, string>])[] = [
  [{ step: push }, {}, PUSH],
  [{ step: push, upkeep: 'look' }, {}, PUSH],
  [{ step: push }, looking, PUSH],
  [{ step: push, upkeep: 'look' }, pushing, LOOK],
  [{ step: hold, upkeep: 'look' }, {}, LOOK],
  [{ step: end, upkeep: 'look' }, {}, LOOK],
  [{ step: push, upkeep: 'project' }, { ...pushing, ...looking }, { do: 'wait' }],
  [{ step: merge, upkeep: 'look' }, pushing, { do: 'cancel-effect' }],
  ...[hold, wait, end].map(step => [{ step }, pushing, { do: 'cancel-effect' }] as const),
  [{ step: merge, upkeep: 'look' }, cancelled, { do: 'await-cancelled' }],
  [{ step: push }, cancelled, { do: 'await-cancelled' }],
  [{ step: push }, pushing, { do: 'wait' }],
  [{ step: hold }, looking, { do: 'wait', until: 7 }],
  [{ step: wait }, {}, { do: 'rest' }],
  [{ step: hold }, {}, { do: 'rest', until: 7 }],
  [{ step: end }, {}, { do: 'end' }],
  [{ step: end, later: 5 }, {}, { do: 'rest', until: 5 }],
  [{ step: hold, later: 5 }, {}, { do: 'rest', until: 5 }],
  [{ step: hold, later: 9 }, looking, { do: 'wait', until: 7 }],
  [{ step: wait, later: 9 }, {}, { do: 'rest', until: 9 }],
  [{ step: end }, looking, { do: 'wait' }],
  [{ step: hold, notice: 'told' }, {}, TELL],
  [{ step: push, notice: 'told' }, { ...pushing, ...looking }, TELL],
  [{ step: hold, upkeep: 'look', notice: 'told' }, {}, LOOK],
  [{ step: hold, notice: 'told' }, telling, { do: 'wait', until: 7 }],
  [{ step: end }, telling, { do: 'end' }],
  [{ step: hold, later: 5 }, {}, { do: 'rest', until: 5 }],
  [{ step: hold, later: 9 }, {}, { do: 'rest', until: 7 }],
  [{ step: wait, later: 9 }, looking, { do: 'wait', until: 9 }],
];

/** The issue is edited while the effect is in flight. */
function editedDuring(life: Scene, kind: string): void {
  const reads = (): Scene => life.do(world => world.landUpkeep());
  life.untilEffect(kind);
  reads().told('the issue is edited', 1);
  reads();
  must('3 cancelled', life.world.effect?.cancelled === true, `${kind} continues with the old text`);
  life.act('the effect ends as cancelled');
}

export const LANE_PROBES: readonly Probe[] = [
  check('the lanes, row by row', () => {
    for (const [due, flights, next] of LANES) {
      const found = lanes(due, { ...NO_FLIGHTS, ...flights });
      const text = `${JSON.stringify(found)} for ${JSON.stringify([due, flights])}`;
      must('3 due', isDeepStrictEqual(found, next), text);
    }
  }),
  probe('the issue is edited during a run', AUTO, life => {
    editedDuring(life, 'run-agent');
    life.flow();
  }),
  probe('the issue is edited during a verification', AUTO, life => {
    editedDuring(life, 'verify-change');
    life.flow();
  }),
];
