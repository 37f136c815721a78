/** Which refused commands are answered with a comment, and which answers are written or given up. */
import type { ObservedCommand } from '../observation.ts';
import type { IssueState } from '../state.ts';
import type { OwedReply, RefusedDecision, Replies } from '../state/people.ts';
import type { FactOf, Reduced } from './result.ts';

const HOUR_MS = 3_600_000;
/** On one issue. What is refused beyond is only shown in the status comment, so that no loop of two programs floods it. */
const REPLIES_PER_HOUR_MAX = 10;
/** Comments known to be answered. */
const ANSWERED_MAX = 200;

const NO_REPLIES: Replies = { owed: [], answered: [], times: [] };

export function isAnswered({ replies }: IssueState, commentId: number): boolean {
  return replies?.answered.includes(commentId) === true;
}

/** Owes an answer for the refusal. All refusals of one comment are in one answer. */
export function withReply(state: IssueState, command: ObservedCommand, refused: RefusedDecision): IssueState {
  const { commentId, thread } = command;
  const { replies = NO_REPLIES } = state;
  if (thread === undefined) return state;
  const refusal = { kind: refused.kind, why: refused.why };
  const begun = replies.owed.find(owed => owed.commentId === commentId);
  if (begun !== undefined) return withOwed(state, replies, withRefusal(begun, refusal));
  const times = replies.times.filter(at => state.at - at < HOUR_MS);
  if (isAnswered(state, commentId) || times.length >= REPLIES_PER_HOUR_MAX) return state;
  const known = {
    ...replies,
    answered: [...replies.answered, commentId].slice(-ANSWERED_MAX),
    times: [...times, state.at],
  };
  return withOwed(state, known, { commentId, thread, to: refused.by, refusals: [refusal] });
}

function withRefusal(owed: OwedReply, refusal: OwedReply['refusals'][number]): OwedReply {
  const isSaid = owed.refusals.some(({ kind, why }) => kind === refusal.kind && why === refusal.why);
  return isSaid ? owed : { ...owed, refusals: [...owed.refusals, refusal] };
}

function withOwed(state: IssueState, replies: Replies, owed: OwedReply): IssueState {
  const others = replies.owed.filter(({ commentId }) => commentId !== owed.commentId);
  return { ...state, replies: { ...replies, owed: [...others, owed] } };
}

export function onReplied(state: IssueState, { commentIds }: FactOf<'replied'>): Reduced {
  return { state: withoutOwed(state, commentIds) };
}

/** The refusals stay in the status comment. */
export function givenUp(state: IssueState): IssueState {
  return withoutOwed(state, state.replies?.owed.map(({ commentId }) => commentId) ?? []);
}

function withoutOwed(state: IssueState, commentIds: readonly number[]): IssueState {
  const { replies } = state;
  if (replies === undefined) return state;
  const owed = replies.owed.filter(({ commentId }) => !commentIds.includes(commentId));
  return { ...state, replies: { ...replies, owed } };
}
