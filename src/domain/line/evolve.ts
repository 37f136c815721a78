/** The state of a line after an event. Total: what makes no sense changes nothing, because anybody can send a signal. */
import { assertNever } from '../assert-never.ts';
import type { LineEvent } from './event.ts';
import { type JoinRequest, type LineState, type Turn, WAITING_MAX, type WaitingChange } from './state.ts';

export function evolveLine(before: LineState, event: LineEvent): LineState {
  const state = { ...before, at: Math.max(before.at, event.at) };
  switch (event.type) {
    case 'joined':
      return joined(state, event.request);
    case 'left':
      return without(state, ({ issue, id }) => issue === event.issue && event.ids.includes(id));
    case 'lost':
      return without(state, ({ issue, id }) => issue === event.issue && id === event.id);
    case 'told':
      return told(state, event);
    case 'told-ahead':
      return toldAhead(state, event);
    case 'timer':
      return state;
    default:
      return assertNever(event);
  }
}

/** An issue has one place. It keeps its turn only if it asks for the same place again. */
function joined(state: LineState, request: JoinRequest): LineState {
  const isOther = ({ issue }: Pick<WaitingChange, 'issue'>): boolean => issue !== request.issue;
  const known = state.waiting.find(one => !isOther(one) && one.id === request.id);
  const others = state.waiting.filter(isOther);
  if (others.length >= WAITING_MAX) return state;
  const kept = ({ issue, id, target }: Turn): boolean =>
    issue !== request.issue || (id === request.id && target === request.target);
  return {
    ...state,
    waiting: [...others, { ...request, joinedAt: known?.joinedAt ?? state.at, ...toldBefore(known) }],
    turns: state.turns.filter(kept),
  };
}

function toldBefore(known: WaitingChange | undefined): Pick<WaitingChange, 'before'> {
  return known?.before === undefined ? {} : { before: known.before };
}

function toldAhead(
  state: LineState,
  { issue, id, before }: Extract<LineEvent, { type: 'told-ahead' }>,
): LineState {
  const isIt = (one: WaitingChange): boolean => one.issue === issue && one.id === id;
  return { ...state, waiting: state.waiting.map(one => (isIt(one) ? { ...one, before } : one)) };
}

function without(state: LineState, isIt: (one: Pick<Turn, 'issue' | 'id'>) => boolean): LineState {
  return {
    ...state,
    waiting: state.waiting.filter(one => !isIt(one)),
    turns: state.turns.filter(one => !isIt(one)),
  };
}

/** While it was told, it may have left, or somebody else may have got the turn: then this changes nothing. */
function told(state: LineState, { issue, id }: { readonly issue: number; readonly id: string }): LineState {
  const place = state.waiting.find(one => one.issue === issue && one.id === id);
  if (place === undefined) return state;
  const { target } = place;
  const now = state.turns.find(turn => turn.target === target);
  if (now !== undefined && (now.issue !== issue || now.id !== id)) return state;
  const turn: Turn = { id, issue, target, since: now?.since ?? state.at, toldAt: state.at };
  return { ...state, turns: [...state.turns.filter(one => one !== now), turn] };
}
