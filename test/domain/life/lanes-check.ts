/** 3: what is in flight, checked independently: one of each kind, whatever is due, and nothing next to a cancelled effect. */
import { isDeepStrictEqual } from 'node:util';
import type { IssueState } from '../../../src/domain/state.ts';
import type { Step } from '../../../src/domain/step.ts';
import { checksReadableAt } from '../../../src/domain/checks.ts';
import { callWaitsUntil } from '../../../src/domain/call.ts';
import { nextUpkeep, upkeepDueAt } from '../../../src/domain/upkeep.ts';
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

/** The time of a delay that is not over yet. */
function isOwedLater({ delays = [], at }: IssueState, later: number): boolean {
  return later > at && delays.some(({ until }) => until === later);
}

/** Between acts. Nothing starts, and no event is read, until a cancelled effect has ended. */
export function checkLanes(world: World, step: Step): void {
  const { state, effect, upkeep, inbox, pause } = world;
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
  checkRest(world, step);
}

/** At rest, and the time of the timer. */
function checkRest({ state, effect, upkeep, notice, pause, ended }: World, step: Step): void {
  const isQuiet = effect === undefined && upkeep === undefined;
  const isRest = isQuiet && notice === undefined;
  must('3 at rest', isRest === (pause.do === 'rest') || ended, `${pause.do}, in flight or not: ${!isRest}`);
  const later = upkeepDueAt(state);
  const isOver = isQuiet && step.kind === 'end' && later === undefined;
  must('3 at rest', ended === isOver, `${step.kind} is due, ended: ${ended}`);
  const isKnown = later === undefined || isOwedLater(state, later) || later === checksReadableAt(state);
  must('3 until', isKnown || later === callWaitsUntil(state), `${later ?? ''} is no one's time`);
  const times = ['until' in step ? step.until : undefined, later].flatMap(time => time ?? []);
  const until = times.length === 0 ? undefined : Math.min(...times);
  must(
    '3 until',
    until === ('until' in pause ? pause.until : undefined),
    `a timer other than ${until ?? 'none'}`,
  );
}
