/** Reviews that ask for changes, in words or on lines of the diff: the next attempt gets them, or their author is asked for words. */
import type { Actor } from '../actor.ts';
import { currentChange } from '../facts.ts';
import { shortHead } from '../foreign-head.ts';
import type { ObservedReview } from '../observation.ts';
import { omit } from '../omit.ts';
import {
  isAttemptRunning,
  nextAttemptNumber,
  REQUESTS_WAITING_MAX,
  waitingRequests,
  withNextAttempt,
  withRequest,
} from '../requested-changes.ts';
import { withReviewed } from '../since-review.ts';
import type { IssueState } from '../state.ts';
import type { RequestedChanges } from '../state/work.ts';
import { SAY_WHAT } from './decisions.ts';
import type { Person } from './person.ts';
import { suggestedPart } from './suggestions.ts';
import type { Note, Noted } from './result.ts';

/** Whether there are words for another attempt. What an approval says besides asks for nothing. */
export function asksForChanges({ state, empty, lines }: ObservedReview): boolean {
  if (state === 'changes-requested') return empty !== true || lines !== undefined;
  return state === 'commented' && lines !== undefined;
}

/** Why nothing is taken of the review, whoever wrote it. */
export function requestProblem(state: IssueState, { commit }: ObservedReview): string | undefined {
  const { pushed, pushedBefore } = state;
  const known = [currentChange(state)?.commit, pushed, pushedBefore];
  if (commit === null || !known.includes(commit))
    return `it is on ${commit === null ? 'no commit' : `commit ${shortHead(commit)}`}, which is not one of the latest of Signalbox; review the present head`;
  return waitingRequests(state).length < REQUESTS_WAITING_MAX
    ? undefined
    : `${REQUESTS_WAITING_MAX} reviews wait for the next attempt already; write it again after that attempt`;
}

/** A bot that the policy names gives words, and judges nothing. */
export function botOf({ policy }: IssueState, { author }: ObservedReview): Actor | undefined {
  const { login, type } = author;
  const isNamed = policy?.review?.bots?.some(bot => bot.toLowerCase() === login.toLowerCase());
  return isNamed === true && type === 'Bot' ? { kind: 'outside', what: `the bot ${login}` } : undefined;
}

/**
 * The attempts so far are set aside, even when two reviews say the same: each requests another attempt. While an attempt
 * runs, the one after it gets the words: the money of the running one is spent, and its agent is not disturbed.
 */
export function changesRequested(state: IssueState, by: Actor, review: ObservedReview): Noted {
  const request = { ...requestOf(state, review), ...suggestedPart(state, by, review) };
  const known = withRequest(reviewedBy(withoutWordless(state), by), request);
  const waits = isAttemptRunning(state);
  return {
    state: waits ? known : withNextAttempt(known, request),
    note: requestNote(by, { review, waits }),
  };
}

function reviewedBy(state: IssueState, by: Actor): IssueState {
  return by.kind === 'person' ? withReviewed(state, by.login, 'changes-requested') : state;
}

function requestOf(state: IssueState, review: ObservedReview): RequestedChanges {
  const { reviewId, author, body, empty, lines } = review;
  return {
    reviewId,
    by: author.login,
    attempt: nextAttemptNumber(state),
    owed: lines?.threads ?? [],
    ...(empty === true ? {} : { body }),
    ...(lines === undefined ? {} : { lines: { words: lines.words, total: lines.total } }),
  };
}

function requestNote(by: Actor, { review, waits }: { review: ObservedReview; waits: boolean }): Note {
  const { author, empty, body, lines } = review;
  const later = waits ? '; the attempt after the running one gets it' : '';
  return {
    cause: `${author.login} asked for changes${onLines(review)}${later}`,
    actor: by,
    ...(by.kind === 'person' ? { judgement: 'engineering' as const } : {}),
    digests: {
      ...(empty === true ? {} : { feedback: body }),
      ...(lines === undefined ? {} : { lines: lines.words }),
    },
  };
}

function onLines({ lines }: ObservedReview): string {
  if (lines === undefined) return '';
  const { total, threads } = lines;
  const most = total > threads.length ? ` (of ${total}, which are too many)` : '';
  return ` in ${threads.length} ${threads.length === 1 ? 'thread' : 'threads'} on lines${most}`;
}

function withoutWordless(state: IssueState): IssueState {
  return state.blocked?.wordless === undefined ? state : omit(state, 'blocked');
}

/** A run has ended: what reviews said meanwhile needs another one. */
export function withWaitingRequests(state: IssueState): IssueState {
  const latest = waitingRequests(state).at(-1);
  return latest === undefined ? state : withNextAttempt(state, latest);
}

/**
 * Another attempt costs money and would learn nothing, so the reviewer is asked for words. The change stays as it is, and
 * nobody merges it meanwhile.
 */
export function wordless(state: IssueState, by: Person, { reviewId }: ObservedReview): Noted {
  if (state.merge !== undefined) return { state };
  const reason = `${by.login} asked for changes in a review without a text and without comments on lines`;
  const mend = `${SAY_WHAT}; or write another review with a text, approve, or dismiss the review`;
  const blocked = { reason, mend, since: state.at, wordless: { by: by.login, reviewId } };
  return {
    state: { ...state, blocked },
    note: { cause: reason, actor: by, judgement: 'engineering' },
  };
}

/** A dismissed review asks for nothing any more. */
export function withWordless(state: IssueState, review: ObservedReview): Noted {
  if (review.state === 'changes-requested') return { state };
  return {
    state: omit(state, 'blocked'),
    note: {
      cause: `the review of ${review.author.login} without a text was dismissed`,
      actor: { kind: 'outside', what: 'GitHub' },
    },
  };
}
