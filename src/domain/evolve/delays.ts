/** What keeps failing for a reason that may pass: how a delay begins, lasts and ends. */
import { delayLine, delayOf, withDelay, withDelays, withoutDelay } from '../delay.ts';
import type { EventBody } from '../event.ts';
import { isInTurn, isOnItsWay } from '../merge-place.ts';
import { nextStep } from '../next-step.ts';
import { omit } from '../omit.ts';
import type { IssueState } from '../state.ts';
import type { DelayedKind } from '../state/delays.ts';
import { type EffectKind, type Step, type Upkeep, UPKEEP_KINDS } from '../step.ts';
import { isOwed } from '../upkeep.ts';
import { isAhead, withoutAhead } from './ahead.ts';
import { kindEndedBy } from './facts.ts';
import { type Noted, type Reduced, refuse } from './result.ts';

type Of<T extends EventBody['type']> = Extract<EventBody, { type: T }>;

/** The same step is due again after a pause. What was sent may have happened: each effect is safe to repeat. */
export function onStepDelayed(state: IssueState, event: Of<'step-delayed'>): Reduced {
  const { effect, ...facts } = event;
  if (state.sent?.kind !== effect.kind) return refuse(`no ${effect.kind} is in progress`);
  if (isAhead(effect)) return withoutAhead(state);
  return noted(state, withDelay(omit(state, 'sent'), effect.kind, facts), effect.kind);
}

export function onUpkeepDelayed(state: IssueState, event: Of<'upkeep-delayed'>): Reduced {
  return noted(state, withDelay(state, event.upkeep, event), event.upkeep);
}

/** One record for each reason, not for each try. */
function noted(before: IssueState, state: IssueState, kind: DelayedKind): Noted {
  const delay = delayOf(state, kind);
  if (delay === undefined || delayOf(before, kind)?.reason === delay.reason) return { state };
  return { state, note: { cause: delayLine(delay), actor: { kind: 'outside', what: 'delay' } } };
}

/** Before an event is judged: what it ends is no longer delayed. */
export function withoutEnded(state: IssueState, event: EventBody): IssueState {
  const ended = state.delays === undefined ? undefined : kindEndedBy(event);
  return ended === undefined ? state : withoutDelay(state, ended);
}

/** What is no longer the step, or no longer owed, is not waited for. */
export function withoutUnwanted(state: IssueState): IssueState {
  const { delays } = state;
  if (delays === undefined) return state;
  const step = nextStep(state);
  const kept = delays.filter(({ kind }) =>
    isUpkeep(kind) ? isOwed(state, kind, step) : isEffectWanted(state, step, kind),
  );
  return kept.length === delays.length ? state : withDelays(state, kept);
}

function isEffectWanted(state: IssueState, step: Step, kind: EffectKind): boolean {
  if (isInTurn(kind) && isOnItsWay(state, step)) return true;
  if (step.kind === 'hold') return step.hold.kind === 'delayed';
  return step.kind === 'effect' && step.effect.kind === kind;
}

function isUpkeep(kind: DelayedKind): kind is Upkeep['kind'] {
  return UPKEEP_KINDS.some(upkeep => upkeep === kind);
}
