/** Reviews as a look found them: approvals, requests for changes, withdrawn approvals, and reviews that do not count. */
import { actorName } from '../actor.ts';
import { boundTo } from '../bound-to.ts';
import { currentChange } from '../facts.ts';
import { approvalDigest } from '../gate.ts';
import type { ObservedReview } from '../observation.ts';
import { omit } from '../omit.ts';
import { roleIsAtLeast } from '../role.ts';
import { reviewedNow } from '../since-review.ts';
import type { IssueState } from '../state.ts';
import type { Reviewed } from '../state/publication.ts';
import { SAY_WHAT, withApproval } from './decisions.ts';
import { type Person, personOf } from './person.ts';
import { chain, type Noted } from './result.ts';

export function onReviews(state: IssueState, reviews: readonly ObservedReview[]): Noted {
  const judged = reviews.reduce<Noted>((noted, review) => chain(noted, s => onAnyReview(s, review)), {
    state,
  });
  return { ...judged, state: withReviewsSeen(judged.state, reviews) };
}

function onAnyReview(state: IssueState, review: ObservedReview): Noted {
  const isAsking = review.reviewId === state.blocked?.wordless?.reviewId;
  return isAsking ? withWordless(state, review) : onReview(state, review);
}

/** A review counts only on the verified head, and only from a person with a readable and sufficient role. */
function onReview(state: IssueState, review: ObservedReview): Noted {
  const reviewer = reviewerOf(state, review);
  const counts = state.approvals.some(approval => approval.review === review.reviewId);
  if (counts) return review.state === 'approved' && 'by' in reviewer ? { state } : withdrawn(state, review);
  if (wasJudged(state, review) || review.commit !== currentChange(state)?.commit) return { state };
  return isVerdict(review) ? onVerdict(state, reviewer, review) : { state };
}

function onVerdict(state: IssueState, reviewer: Reviewer, review: ObservedReview): Noted {
  if ('why' in reviewer) return doesNotCount(state, review, reviewer.why);
  if (review.state !== 'approved')
    return review.empty === true
      ? wordless(state, reviewer.by, review)
      : changesRequested(state, reviewer.by, review);
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

function wasJudged({ reviewsSeen, reviewsJudged }: IssueState, { reviewId }: ObservedReview): boolean {
  return reviewId <= reviewsSeen || reviewsJudged.includes(reviewId);
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
  const digest = approvalDigest(state, 'merge');
  const bound = boundTo(state, 'merge');
  const approval = { gate: 'merge' as const, digest, bound, by, at: state.at, review: review.reviewId };
  const isOver = state.blocked?.wordless?.reviewId !== undefined && state.blocked.wordless.by === by.login;
  return {
    state: withReviewed(withApproval(isOver ? omit(state, 'blocked') : state, approval), by, 'approved'),
    note: {
      cause: `${by.login} approved the pull request`,
      actor: by,
      judgement: 'engineering',
      digests: { approval: digest, head: review.commit ?? '' },
    },
  };
}

function withReviewed(state: IssueState, by: Person, said: Reviewed['said']): IssueState {
  const reviewed = reviewedNow(state, by.login, said);
  return reviewed === undefined ? state : { ...state, reviewed };
}

/** The run is set aside even when two reviews say the same: each requests another attempt. */
function changesRequested(state: IssueState, by: Person, { reviewId, body }: ObservedReview): Noted {
  const attempt = state.runs.at(-1)?.attempt ?? 0;
  return {
    state: {
      ...withReviewed(
        state.blocked?.wordless === undefined ? state : omit(state, 'blocked'),
        by,
        'changes-requested',
      ),
      feedback: { reviewId, digest: body, by: by.login },
      setAsideTo: attempt,
    },
    note: {
      cause: `${by.login} asked for changes`,
      actor: by,
      judgement: 'engineering',
      digests: { feedback: body },
    },
  };
}

/**
 * Another attempt costs money and would learn nothing, so the reviewer is asked for words. The change stays as it is, and
 * nobody merges it meanwhile.
 */
function wordless(state: IssueState, by: Person, { reviewId }: ObservedReview): Noted {
  if (state.merge !== undefined) return { state };
  const reason = `${by.login} asked for changes in a review without a text; comments on lines are not read`;
  const mend = `${SAY_WHAT}; or write another review with a text, approve, or dismiss the review`;
  const blocked = { reason, mend, since: state.at, wordless: { by: by.login, reviewId } };
  return {
    state: { ...state, blocked },
    note: { cause: reason, actor: by, judgement: 'engineering' },
  };
}

/** A dismissed review asks for nothing any more. */
function withWordless(state: IssueState, review: ObservedReview): Noted {
  if (review.state === 'changes-requested') return { state };
  return {
    state: omit(state, 'blocked'),
    note: {
      cause: `the review of ${review.author.login} without a text was dismissed`,
      actor: { kind: 'outside', what: 'GitHub' },
    },
  };
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
  return { ...state, reviewsSeen, reviewsJudged: judged.filter(id => id > reviewsSeen) };
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
