/** Reviews as a look found them: approvals, requests for changes, withdrawn approvals, and reviews that do not count. */
import { type Actor, actorName } from '../actor.ts';
import { approvalNow } from '../carry.ts';
import { currentChange } from '../facts.ts';
import type { ObservedReview } from '../observation.ts';
import { omit } from '../omit.ts';
import { roleIsAtLeast } from '../role.ts';
import { withReviewed } from '../since-review.ts';
import type { IssueState } from '../state.ts';
import { isReviewJudged } from '../review-read.ts';
import { carryOver } from './carry.ts';
import { withApproval } from './decisions.ts';
import { type Person, personOf } from './person.ts';
import {
  asksForChanges,
  botOf,
  changesRequested,
  requestProblem,
  withWordless,
  wordless,
} from './requested-changes.ts';
import { chain, type Noted } from './result.ts';

export function onReviews(state: IssueState, reviews: readonly ObservedReview[]): Noted {
  const judged = reviews.reduce<Noted>((noted, review) => chain(noted, s => onAnyReview(s, review)), {
    state,
  });
  return { ...judged, state: withReviewsSeen(judged.state, reviews) };
}

function onAnyReview(state: IssueState, review: ObservedReview): Noted {
  const isAsking = review.reviewId === state.blocked?.wordless?.reviewId;
  return isAsking && review.lines === undefined ? withWordless(state, review) : onReview(state, review);
}

/** A review counts only on the verified head, and only from a person with a readable and sufficient role. */
function onReview(state: IssueState, review: ObservedReview): Noted {
  const reviewer = reviewerOf(state, review);
  const counts = state.approvals.some(approval => approval.review === review.reviewId);
  if (counts) return review.state === 'approved' && 'by' in reviewer ? { state } : withdrawn(state, review);
  if (asksForChanges(review) && isNews(state, review)) return onRequest(state, reviewer, review);
  if (isReviewJudged(state, review) || review.commit !== currentChange(state)?.commit) return { state };
  return isVerdict(review) ? onVerdict(state, reviewer, review) : { state };
}

/** Words on lines can be read later than their review. */
function isNews(state: IssueState, review: ObservedReview): boolean {
  return review.lines !== undefined || !isReviewJudged(state, review);
}

function onRequest(state: IssueState, reviewer: Reviewer, review: ObservedReview): Noted {
  const by: Actor | undefined = 'by' in reviewer ? reviewer.by : botOf(state, review);
  if (by === undefined) return doesNotCount(state, review, 'why' in reviewer ? reviewer.why : '');
  const problem = requestProblem(state, review);
  return problem === undefined ? changesRequested(state, by, review) : doesNotCount(state, review, problem);
}

function onVerdict(state: IssueState, reviewer: Reviewer, review: ObservedReview): Noted {
  if ('why' in reviewer) return doesNotCount(state, review, reviewer.why);
  if (review.state !== 'approved') return wordless(state, reviewer.by, review);
  return isBeforeEdit(state, review)
    ? doesNotCount(state, review, 'the issue was edited after the review; review it again')
    : approved(state, reviewer.by, review);
}

/**
 * A review names no digest that would prove what its author saw, so its time decides. Both times are GitHub's, in whole
 * seconds: within the same second the order is unknown, and the review does not count.
 */
function isBeforeEdit({ subject }: IssueState, { submittedAt }: ObservedReview): boolean {
  const editedAt = subject?.edits?.lastAt;
  return submittedAt !== undefined && editedAt !== undefined && submittedAt <= editedAt;
}

function isVerdict({ state }: ObservedReview): boolean {
  return state === 'approved' || state === 'changes-requested';
}

/** The reviewer if their reviews count, else the reason why not. */
type Reviewer = { readonly by: Person } | { readonly why: string };

function reviewerOf(state: IssueState, { author, role }: ObservedReview): Reviewer {
  const by = personOf(author, role, 'github-review');
  const rules = state.policy?.decisions;
  if (by === undefined || rules === undefined) return { why: 'only a person can decide' };
  if (!rules.sources.includes('github'))
    return { why: `the policy takes decisions from ${rules.sources.join(' and ')} only` };
  if (by.role === undefined) return { why: `cannot read the role of ${by.login}` };
  return roleIsAtLeast(by.role, rules.roleMin)
    ? { by }
    : { why: `${by.login} has the role ${by.role}, but ${rules.roleMin} is required` };
}

/** Tells the reviewer why the review does not count. A bot expects no answer. */
function doesNotCount(state: IssueState, { author, state: said }: ObservedReview, why: string): Noted {
  if (author.type !== 'User' || isReported(state, author.login, why)) return { state };
  const kind = said === 'approved' ? 'approve' : 'reject';
  return {
    state: { ...state, refusedDecision: { by: author.login, kind, why } },
    note: {
      cause: `refused the review of ${author.login}: ${why}`,
      actor: { kind: 'outside', what: 'GitHub' },
    },
  };
}

function isReported({ refusedDecision: known }: IssueState, by: string, why: string): boolean {
  return known?.by === by && known.why === why;
}

function approved(state: IssueState, by: Person, review: ObservedReview): Noted {
  const approval = approvalNow(seenBy(state, review), 'merge', { by, at: state.at, review: review.reviewId });
  const isOver = state.blocked?.wordless?.reviewId !== undefined && state.blocked.wordless.by === by.login;
  const approvedBy = withApproval(isOver ? omit(state, 'blocked') : state, approval);
  const noted: Noted = {
    state: withReviewed(approvedBy, by.login, 'approved'),
    note: {
      cause: `${by.login} approved the pull request`,
      actor: by,
      judgement: 'engineering',
      digests: { approval: approval.digest, head: review.commit ?? '' },
    },
  };
  return chain(noted, s => carryOver(s, approval));
}

/** A review that is older than the evidence for the moved target branch was given for the change alone. */
function seenBy(state: IssueState, { submittedAt = state.at }: ObservedReview): IssueState {
  const { provenAt } = state.candidate ?? {};
  return provenAt !== undefined && submittedAt <= provenAt ? omit(state, 'candidate') : state;
}

/** The review was dismissed, or its author no longer has the required role. */
function withdrawn(state: IssueState, review: ObservedReview): Noted {
  const given = state.approvals.find(approval => approval.review === review.reviewId);
  const name = given === undefined ? review.author.login : actorName(given.by);
  const why = whyWithdrawn(review);
  return {
    state: {
      ...state,
      approvals: state.approvals.filter(approval => approval.review !== review.reviewId),
      refusedDecision: { by: name, kind: 'approve', why },
    },
    note: {
      cause: `the approval by ${name} no longer counts: ${why}`,
      actor: { kind: 'outside', what: 'GitHub' },
    },
  };
}

function whyWithdrawn({ state, role }: ObservedReview): string {
  if (state !== 'approved') return 'the review was dismissed';
  return role.kind === 'unreadable' ? 'their role could not be read' : 'their role is no longer sufficient';
}

/** Judged reviews that are known by their ids: one that was submitted late can have a lower id than others. */
const JUDGED_MAX = 200;

/**
 * Reviews up to `reviewsSeen` are not read again. A review that counts as an approval must be, because it can be
 * withdrawn, and so must one that asks for words. So must one whose author's role could not be read: the error decides nothing.
 */
function withReviewsSeen(state: IssueState, reviews: readonly ObservedReview[]): IssueState {
  const unsettled = reviews.filter(isUnsettled).map(({ reviewId }) => reviewId);
  const known = [...state.reviewsJudged, ...reviews.map(({ reviewId }) => reviewId)];
  const judged = [...new Set(known)].filter(id => !unsettled.includes(id));
  const waiting = [...openReviews(state), ...unsettled].map(id => id - 1);
  const reviewsSeen = Math.min(Math.max(state.reviewsSeen, ...judged), ...waiting);
  const late = judged.filter(id => id <= reviewsSeen).slice(-JUDGED_MAX);
  const times = reviews.map(({ submittedAt = 0 }) => submittedAt);
  return {
    ...state,
    reviewsSeen,
    reviewsJudged: [...late, ...judged.filter(id => id > reviewsSeen)],
    reviewsReadTo: Math.max(state.reviewsReadTo ?? 0, ...times),
  };
}

/** Those that can still change what they decided: they count as an approval, or ask for words. */
function openReviews({ approvals, blocked }: IssueState): readonly number[] {
  const counting = approvals.flatMap(({ review }) => (review === undefined ? [] : [review]));
  return [...counting, blocked?.wordless?.reviewId ?? []].flat();
}

/** After `reviewsSeen`, reviews that are judged for good: a look need not ask again for the role of their author. */
export function settledReviews(state: IssueState): readonly number[] {
  const open = openReviews(state);
  return state.reviewsJudged.filter(id => !open.includes(id));
}

function isUnsettled(review: ObservedReview): boolean {
  return isVerdict(review) && review.author.type === 'User' && review.role.kind === 'unreadable';
}
