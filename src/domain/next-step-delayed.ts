/** The hold of a step that keeps failing for a reason that may pass. It goes on by itself. */
import { delayLine, delayNow, delayOf, nextTryLine } from './delay.ts';
import { delayInTurn, isOnItsWay } from './merge-place.ts';
import { escalationOwner, type HoldStep, withLadder } from './hold.ts';
import type { IssueState } from './state.ts';
import type { Delay } from './state/delays.ts';
import { isSameEffect, type Step, UPKEEP_KINDS } from './step.ts';

export function delayedFirst(state: IssueState, step: Step): Step {
  const delay = delayOfStep(state, step);
  return delay === undefined ? step : withLadder(state, delayedHold(state, delay));
}

/** A delayed effect that is tried again is the step, and still what people are told about. So is the way to its turn. */
export function isTriedAgain(state: IssueState, step: Step): boolean {
  if (isOnItsWay(state, step) && delayInTurn(state) !== undefined) return true;
  return step.kind === 'effect' && delayOf(state, step.effect.kind) !== undefined;
}

function delayOfStep(state: IssueState, step: Step): Delay | undefined {
  if (step.kind === 'wait' && step.for === 'look') return delayNow(state, 'look') ?? delayLookedAt(state);
  if (step.kind !== 'effect') return undefined;
  const inFlight = state.sent !== undefined && isSameEffect(state.sent, step.effect);
  return inFlight ? undefined : delayNow(state, step.effect.kind);
}

/** A look before the next try changes nothing for people: the hold stays until what was delayed has succeeded. */
function delayLookedAt(state: IssueState): Delay | undefined {
  const ofEffect = state.delays?.find(({ kind }) => !UPKEEP_KINDS.some(upkeep => upkeep === kind));
  // A look waits until many records are archived.
  return delayOf(state, 'look') ?? ofEffect ?? delayOf(state, 'archive-audit');
}

export function delayedHold(state: IssueState, delay: Delay): HoldStep {
  const { limit, until } = delay;
  const asked =
    limit === true
      ? { because: 'limit' as const, who: 'no one', what: 'nothing to do; /retry tries at once' }
      : { who: escalationOwner(state), what: 'fix the cause if it lasts; /retry tries at once' };
  return {
    kind: 'hold',
    hold: { kind: 'delayed', ...asked, why: [delayLine(delay), nextTryLine(delay)] },
    ...(state.at < until ? { until } : {}),
  };
}
