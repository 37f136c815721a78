/** What became of calls: made, removed, failed; and when people did what they were called for. */
import { rule } from '../actor.ts';
import { answersTo, madeOf } from '../call.ts';
import type { EventBody } from '../event.ts';
import { omit } from '../omit.ts';
import type { IssueState } from '../state.ts';
import type { CallMade } from '../state/calls.ts';
import type { FactOf, Noted, Reduced } from './result.ts';

const CALLS = rule('calls');
/** Remembered calls; an older one could be made again. */
const CALLS_MAX = 100;

export function onCalled(state: IssueState, event: FactOf<'called'>): Reduced {
  const { call, who, problem } = event;
  const whom = who.length === 0 ? 'nobody' : who.join(', ');
  const cause = `called ${whom} to ${call.hold} (${call.rung})${problem === undefined ? '' : `: ${problem}`}`;
  return { state: withCall(state, madeNow(state, event)), note: { cause, actor: CALLS } };
}

/** The comment is gone; the call stays remembered. */
export function onFolded(state: IssueState, { seq }: FactOf<'call-folded'>): Reduced {
  return { state: changed(state, seq, call => omit(call, 'commentId')) };
}

export function onNotified(state: IssueState, { seq, problem }: FactOf<'notified'>): Reduced {
  const call = madeOf(state).find(made => made.seq === seq);
  if (call?.notice !== 'owed') return { state };
  const notice = problem === undefined ? 'posted' : { problem };
  const cause = `the webhook ${problem === undefined ? 'took' : 'did not take'} the call to ${call.hold} (${call.rung})`;
  return {
    state: changed(state, seq, made => ({ ...made, notice })),
    note: { cause: problem === undefined ? cause : `${cause}: ${problem}`, actor: CALLS },
  };
}

type CallFailed = Extract<EventBody, { type: 'upkeep-failed' }>;

/** A call that cannot be made or removed holds nothing up, and is not tried again. */
export function onCallFailed(state: IssueState, event: CallFailed): Noted {
  const { upkeep, call, folded, failure, message } = event;
  const problem = `${upkeep} failed: ${message}`;
  const failed = call === undefined ? state : withCall(state, madeNow(state, { call, who: [], problem }));
  return {
    state: changed(failed, folded, made => ({ ...omit(made, 'commentId'), problem })),
    note: { cause: problem, actor: { kind: 'outside', what: failure } },
  };
}

function madeNow(
  state: IssueState,
  { call, who, commentId, problem }: Omit<FactOf<'called'>, 'type'>,
): CallMade {
  const { seq, ask, answers, rung, hold } = call;
  return {
    ...{ seq, ask, answers, rung, hold, at: state.at, who },
    ...(commentId === undefined ? {} : { commentId }),
    ...(problem === undefined ? {} : { problem }),
    ...(state.calling?.webhook === true ? { notice: 'owed' } : {}),
  };
}

/** A result that arrives twice is one call. */
function withCall(state: IssueState, call: CallMade): IssueState {
  const others = madeOf(state).filter(({ seq }) => seq !== call.seq);
  return { ...state, calls: [...others, call].slice(-CALLS_MAX) };
}

function changed(
  state: IssueState,
  seq: number | undefined,
  change: (call: CallMade) => CallMade,
): IssueState {
  if (seq === undefined) return state;
  return { ...state, calls: madeOf(state).map(call => (call.seq === seq ? change(call) : call)) };
}

/** Counts answers, also one that something else made void at once: what a later hold of the same name asks is another ask. Returns the same state if there is none. */
export function withAnswered(before: IssueState, after: IssueState): IssueState {
  const answered = after.calling === undefined ? [] : answeredHolds(before, after);
  if (answered.length === 0) return after;
  const counts = answered.map(hold => [hold, answersTo(after, hold) + 1] as const);
  return { ...after, answersToHolds: { ...after.answersToHolds, ...Object.fromEntries(counts) } };
}

function answeredHolds(before: IssueState, after: IssueState): readonly string[] {
  const given = after.approvals.filter(approval => !before.approvals.includes(approval));
  const gates = new Set(given.map(({ gate }) => gate));
  return [
    ...[...gates].map(gate => `gate:${gate}`),
    ...(before.blocked !== undefined && after.blocked === undefined ? ['blocked'] : []),
    ...(before.held?.name === 'delayed' && after.held?.name !== 'delayed' ? ['delayed'] : []),
    ...(before.escalated !== undefined && after.escalated === undefined ? ['escalated'] : []),
  ];
}
