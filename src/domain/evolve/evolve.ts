/** evolve(state, event): the state after an event. Total: an event that makes no sense in this state is refused by name. */
import { rule } from '../actor.ts';
import { append, type AuditEntry } from '../audit.ts';
import { boundTo } from '../bound-to.ts';
import type { Event, EventBody } from '../event.ts';
import { stageOf } from '../facts.ts';
import { holdName } from '../hold.ts';
import { isReleaseVerified } from '../next-step-release.ts';
import { isTriedAgain } from '../next-step-delayed.ts';
import { nextStep } from '../next-step.ts';
import { omit } from '../omit.ts';
import type { IssueState } from '../state.ts';
import type { Hold, HoldKind, Step } from '../step.ts';
import { onAheadGiven } from './ahead.ts';
import { withAnswered } from './calls.ts';
import { onDecision } from './decisions.ts';
import { onStepDelayed, onUpkeepDelayed, withoutEnded, withoutUnwanted } from './delays.ts';
import { onFact, UPKEEP_FACTS } from './facts.ts';
import { onTurnGiven } from './line.ts';
import { onObserved, onPoked } from './observations.ts';
import { type Note, type Noted, type Reduced, refuse } from './result.ts';
import {
  onStepCancelled,
  onStepFailed,
  onStepLost,
  onStepStarted,
  onTimer,
  onUpkeepFailed,
} from './steps.ts';

/** Remembered gate digests. */
const ASKED_MAX = 10;

export function evolve(before: IssueState, event: Event): IssueState {
  const timed = withoutEnded({ ...before, at: Math.max(before.at, event.at) }, event);
  const reduced = reduce(timed, event);
  const noted: Noted = 'refused' in reduced ? refusedNote(timed, event, reduced.refused) : reduced;
  const recorded = recordAll(before, noted);
  return withAnswered(before, withHold(dateDelivery(withoutUnwanted(dateRelease(recorded)))));
}

function reduce(state: IssueState, event: EventBody): Reduced {
  if (nextStep(state).kind === 'end' && !OUTLIVES.includes(event.type)) return tooLate(state, event);
  switch (event.type) {
    case 'observed':
      return onObserved(state, event);
    case 'turn-given':
      return onTurnGiven(state, event.id);
    case 'ahead-given':
      return onAheadGiven(state, event);
    case 'poked':
      return onPoked(state, event);
    case 'decision':
      return onDecision(state, event.decision);
    case 'upkeep-failed':
      return onUpkeepFailed(state, event);
    case 'timer':
      return onTimer(state);
    case 'step-started':
      return onStepStarted(state, event.effect);
    case 'step-failed':
      return onStepFailed(state, event);
    case 'step-cancelled':
      return onStepCancelled(state, event.effect);
    case 'step-lost':
      return onStepLost(state, event.effect);
    case 'step-delayed':
      return onStepDelayed(state, event);
    case 'upkeep-delayed':
      return onUpkeepDelayed(state, event);
    default:
      return onFact(state, event);
  }
}

/** Only publishing and archiving continue after the end. */
const OUTLIVES: readonly EventBody['type'][] = [
  ...UPKEEP_FACTS,
  'turn-given',
  'upkeep-failed',
  'upkeep-delayed',
];

/** Late news is not an error. A record of it would only need to be archived again. */
function tooLate(state: IssueState, event: EventBody): Reduced {
  return NEWS.includes(event.type) ? { state } : refuse('the issue has ended');
}

const NEWS: readonly EventBody['type'][] = ['observed', 'ahead-given', 'poked', 'timer'];

function refusedNote(state: IssueState, event: EventBody, why: string): Noted {
  return { state, note: { cause: `refused ${event.type}: ${why}`, actor: rule('evolve') } };
}

/**
 * Appends the audit records of all notes, in order. Reducers change the audit trail only when they archive records. What is
 * no longer wanted holds nothing when it is recorded.
 */
function recordAll(before: IssueState, { earlier = [], ...last }: Noted): IssueState {
  const { audit } = last.state;
  return [...earlier, last].reduce(
    (so, { state, ...noted }) =>
      record(so, { ...noted, state: withoutUnwanted({ ...state, audit: so.audit }) }),
    { ...before, audit },
  );
}

/** Facts, decisions, and every change of stage or hold add a record. */
function record(before: IssueState, noted: Noted): IssueState {
  const { state, note } = noted;
  const moved = stageOf(before) !== stageOf(state) || currentHold(before) !== currentHold(state);
  if (note === undefined && !moved) return state;
  return { ...state, audit: append(state.audit, entryFor(before, noted)) };
}

function entryFor(before: IssueState, { state, note }: Noted): AuditEntry {
  const hold = currentHold(state);
  const unnoted: Note = {
    actor: rule('next step'),
    cause: hold === 'none' ? 'no longer waiting for anyone' : `held: ${hold}`,
  };
  const { actor, cause, judgement = 'automatic', digests = {} } = note ?? unnoted;
  return { at: state.at, from: stageOf(before), to: stageOf(state), hold, actor, judgement, cause, digests };
}

/** Sets the date once, when every release requirement is met for the first time. */
function dateRelease(state: IssueState): IssueState {
  if (state.verifiedAt !== undefined || !isReleaseVerified(state)) return state;
  const verified = { ...state, verifiedAt: state.at };
  return record(state, {
    state: verified,
    note: { cause: 'the release is verified', actor: rule('release verification') },
  });
}

/** A delivered report stays delivered, even if the issue is edited later. */
function dateDelivery(state: IssueState): IssueState {
  const isFirst = state.deliveredAt === undefined && stageOf(state) === 'delivered';
  return isFirst ? { ...state, deliveredAt: state.at } : state;
}

/** A new hold starts its ladder; the same hold keeps it. */
function withHold(state: IssueState): IssueState {
  const step = nextStep(state);
  const name = nameOf(state, step);
  const asking = step.kind === 'hold' ? withAsked(state, step.hold) : state;
  if (name === (state.held?.name ?? 'none')) return asking;
  const rest = omit(asking, 'held');
  return name === 'none' ? rest : { ...rest, held: { name, since: state.at, rung: 'fresh' } };
}

/** Remembers the digest that a gate shows: people may answer it after it has changed. */
function withAsked(state: IssueState, { gate, digest }: Hold): IssueState {
  const { asked: before = [] } = state;
  if (gate === undefined || digest === undefined || before.at(-1)?.digest === digest) return state;
  const asked = [...before, { gate, digest, bound: boundTo(state, gate) }].slice(-ASKED_MAX);
  return { ...state, asked };
}

export function currentHold(state: IssueState): string {
  return nameOf(state, nextStep(state));
}

/** A delay lasts until its step has succeeded: each new try would start the ladder again. */
function nameOf(state: IssueState, step: Step): string {
  if (isTriedAgain(state, step)) return 'delayed' satisfies HoldKind;
  return step.kind === 'hold' ? holdName(step.hold) : 'none';
}
