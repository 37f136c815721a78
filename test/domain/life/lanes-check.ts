/** 3: what is in flight, checked independently: one of each kind, whatever is due, and nothing next to a cancelled effect. */
import { isDeepStrictEqual } from 'node:util';
import type { Step } from '../../../src/domain/step.ts';
import { nextUpkeep } from '../../../src/domain/upkeep.ts';
import { must } from './invariants.ts';
import type { InFlight, World } from './world.ts';

/** When an effect or upkeep starts. */
export function beginsLane({ effect, upkeep }: InFlight, lane: 'effect' | 'upkeep'): void {
  must(
    '3 cancelled',
    effect?.cancelled !== true,
    `${lane} starts while a cancelled effect is still in flight`,
  );
  if (lane === 'effect') must('3 one effect', effect === undefined, 'a second effect starts');
  else must('3 one upkeep', upkeep === undefined, 'a second upkeep starts');
}

/** When the effect in flight is cancelled. */
export function cancelsEffect(flights: InFlight, step: Step): void {
  must('3 cancelled', flights.effect !== undefined, 'cancelled without an effect in flight');
  must('3 cancelled', flights.effect?.cancelled !== true, 'cancelled twice');
  must('3 cancelled', !isInFlight(flights, step), 'cancelled although it is still the step');
}

export function isInFlight({ effect }: InFlight, step: Step): boolean {
  return step.kind === 'effect' && isDeepStrictEqual(step.effect, effect?.effect);
}

/** Between acts. Nothing starts, and no event is read, until a cancelled effect has ended. */
export function checkLanes(world: World, step: Step): void {
  const { state, effect, upkeep, inbox, pause, ended } = world;
  const isCancelled = effect?.cancelled === true;
  must('3 cancelled', isCancelled === (pause.do === 'await-cancelled'), `cancelled, but: ${pause.do}`);
  if (isCancelled || inbox.length > 0) return;
  const name = step.kind === 'effect' ? step.effect.kind : step.kind;
  must(
    '3 in flight',
    effect === undefined || isInFlight(world, step),
    `${effect?.effect.kind ?? ''} continues although ${name} is due`,
  );
  must('3 due', step.kind !== 'effect' || effect !== undefined, `${name} is due but was not started`);
  must('3 due', upkeep !== undefined || nextUpkeep(state) === undefined, 'upkeep is due but was not started');
  const isQuiet = effect === undefined && upkeep === undefined;
  must('3 at rest', isQuiet === (pause.do === 'rest' || ended), `${pause.do}, in flight or not: ${!isQuiet}`);
  must('3 at rest', ended === (isQuiet && step.kind === 'end'), `${name} is due, ended: ${ended}`);
  const until = 'until' in step ? step.until : undefined;
  must(
    '3 until',
    until === ('until' in pause ? pause.until : undefined),
    `a timer other than ${until ?? 'none'}`,
  );
}
