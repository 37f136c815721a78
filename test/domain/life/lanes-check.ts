/** 3: of what is in flight, in words of its own: one of each kind, what is due, and nothing beside what was cancelled. */
import { isDeepStrictEqual } from 'node:util';
import type { Step } from '../../../src/domain/step.ts';
import { nextUpkeep } from '../../../src/domain/upkeep.ts';
import { must } from './invariants.ts';
import type { InFlight, World } from './world.ts';

/** In the moment when one of them begins. */
export function beginsLane({ effect, upkeep }: InFlight, lane: 'effect' | 'upkeep'): void {
  must('3 cancelled', effect?.cancelled !== true, `${lane} begins while a cancelled effect still lives`);
  if (lane === 'effect') must('3 one effect', effect === undefined, 'a second effect begins');
  else must('3 one upkeep', upkeep === undefined, 'a second piece of upkeep begins');
}

/** In the moment when the effect in flight is cancelled. */
export function cancelsEffect(flights: InFlight, step: Step): void {
  must('3 cancelled', flights.effect !== undefined, 'nothing is in flight that could be cancelled');
  must('3 cancelled', flights.effect?.cancelled !== true, 'cancelled twice');
  must('3 cancelled', !isInFlight(flights, step), 'cancelled although it is still the step');
}

export function isInFlight({ effect }: InFlight, step: Step): boolean {
  return step.kind === 'effect' && isDeepStrictEqual(step.effect, effect?.effect);
}

/** Between the acts. Nothing begins, and no event is read, until a cancelled effect has ended. */
export function checkLanes(world: World, step: Step): void {
  const { state, effect, upkeep, inbox, pause, ended } = world;
  const isCancelled = effect?.cancelled === true;
  must(
    '3 cancelled',
    isCancelled === (pause.do === 'await-cancelled'),
    `cancelled, and it goes on: ${pause.do}`,
  );
  if (isCancelled || inbox.length > 0) return;
  const name = step.kind === 'effect' ? step.effect.kind : step.kind;
  must(
    '3 in flight',
    effect === undefined || isInFlight(world, step),
    `${effect?.effect.kind ?? ''} goes on although ${name} is due`,
  );
  must('3 due', step.kind !== 'effect' || effect !== undefined, `${name} is due and was not begun`);
  must('3 due', upkeep !== undefined || nextUpkeep(state) === undefined, 'upkeep is due and was not begun');
  const isQuiet = effect === undefined && upkeep === undefined;
  must('3 at rest', isQuiet === (pause.do === 'rest' || ended), `${pause.do}, in flight or not: ${!isQuiet}`);
  must(
    '3 at rest',
    ended === (isQuiet && step.kind === 'end'),
    `${name} is due, and the life has ended: ${ended}`,
  );
  const until = 'until' in step ? step.until : undefined;
  must(
    '3 until',
    until === ('until' in pause ? pause.until : undefined),
    `a timer other than ${until ?? 'none'}`,
  );
}
