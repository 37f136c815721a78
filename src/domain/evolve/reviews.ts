/** Reviews as a look found them: those that count, ask for changes, were taken back, or count for nothing, and why. */
import { actorName } from '../actor.ts';
import { boundTo } from '../bound-to.ts';
import { currentChange } from '../facts.ts';
import { approvalDigest } from '../gate.ts';
import type { ObservedReview } from '../observation.ts';
import { roleIsAtLeast } from '../role.ts';
import type { IssueState } from '../state.ts';
import { withApproval } from './decisions.ts';
import { type Person, personOf } from './person.ts';
import { chain, type Noted } from './result.ts';

export function onReviews(state: IssueState, reviews: readonly ObservedReview[]): Noted {
  const judged = reviews.reduce<Noted>((noted, review) => chain(noted, s => onReview(s, review)), { state });
  return { ...judged, state: withReviewsSeen(judged.state, reviews) };
}

/** A review counts on exactly the verified head, from a person whose role could be read and suffices. */
function onReview(state: IssueState, review: ObservedReview): Noted {
  const reviewer = reviewerOf(state, review);
  const counts = state.approvals.some(approval => approval.review === review.reviewId);
  if (counts) return review.state === 'approved' && 'by' in reviewer ? { state } : takenBack(state, review);
  if (wasJudged(state, review) || review.commit !== currentChange(state)?.commit) return { state };
  if (!isVerdict(review)) return { state };
  if ('why' in reviewer) return countsForNothing(state, review, reviewer.why);
  return review.state === 'approved'
    ? approved(state, reviewer.by, review)
    : changesRequested(state, reviewer.by, review);
}

function isVerdict({ state }: ObservedReview): boolean {
  return state === 'approved' || state === 'changes-requested';
}

function wasJudged({ reviewsSeen, reviewsJudged }: IssueState, { reviewId }: ObservedReview): boolean {
  return reviewId <= reviewsSeen || reviewsJudged.includes(reviewId);
}

/** The person whose review counts here, or why theirs does not. */
function reviewerOf(
  state: IssueState,
  { author, role }: ObservedReview,
): { readonly by: Person } | { readonly why: string } {
  const by = personOf(author, role, 'github-review');
  const rules = state.policy?.decisions;
  if (by === undefined || rules === undefined) return { why: 'only a person decides' };
  if (!rules.sources.includes('github'))
    return { why: `the policy takes decisions from ${rules.sources.join(' and ')} only` };
  if (by.role === undefined) return { why: `the role of ${by.login} could not be read` };
  return roleIsAtLeast(by.role, rules.roleMin)
    ? { by }
    : { why: `${by.login} has the role ${by.role}; ${rules.roleMin} is needed` };
}

/** Whoever gave it is told why nothing follows from it; of a bot nobody waits for an answer. */
function countsForNothing(state: IssueState, { author, state: said }: ObservedReview, why: string): Noted {
  if (author.type !== 'User' || isTold(state, author.login, why)) return { state };
  const kind = said === 'approved' ? 'approve' : 'reject';
  return {
    state: { ...state, refusedDecision: { by: author.login, kind, why } },
    note: {
      cause: `refused the review of ${author.login}: ${why}`,
      actor: { kind: 'outside', what: 'GitHub' },
    },
  };
}

function isTold({ refusedDecision: told }: IssueState, by: string, why: string): boolean {
  return told?.by === by && told.why === why;
}

function approved(state: IssueState, by: Person, review: ObservedReview): Noted {
  const digest = approvalDigest(state, 'merge');
  const bound = boundTo(state, 'merge');
  const approval = { gate: 'merge' as const, digest, bound, by, at: state.at, review: review.reviewId };
  return {
    state: withApproval(state, approval),
    note: {
      cause: `${by.login} approved the pull request`,
      actor: by,
      judgement: 'engineering',
      digests: { approval: digest, head: review.commit ?? '' },
    },
  };
}

/** The run is set aside even when two reviews say the same: each asks for another attempt. */
function changesRequested(state: IssueState, by: Person, { reviewId, body }: ObservedReview): Noted {
  const attempt = state.runs.at(-1)?.attempt ?? 0;
  return {
    state: { ...state, feedback: { reviewId, digest: body, by: by.login }, setAsideTo: attempt },
    note: {
      cause: `${by.login} asked for changes`,
      actor: by,
      judgement: 'engineering',
      digests: { feedback: body },
    },
  };
}

/** Dismissed, or its giver may not give it any more. */
function takenBack(state: IssueState, review: ObservedReview): Noted {
  const given = state.approvals.find(approval => approval.review === review.reviewId);
  const name = given === undefined ? review.author.login : actorName(given.by);
  const why = whyTakenBack(review);
  return {
    state: {
      ...state,
      approvals: state.approvals.filter(approval => approval.review !== review.reviewId),
      refusedDecision: { by: name, kind: 'approve', why },
    },
    note: {
      cause: `the approval of ${name} counts no longer: ${why}`,
      actor: { kind: 'outside', what: 'GitHub' },
    },
  };
}

function whyTakenBack({ state, role }: ObservedReview): string {
  if (state !== 'approved') return 'the review was dismissed';
  return role.kind === 'unreadable' ? 'their role could not be read' : 'their role does not suffice any more';
}

/**
 * Up to here reviews need not be read again. One that counts as an approval must be, since it can be taken back; so must
 * one whose author's role could not be read, since an error neither grants nor settles anything.
 */
function withReviewsSeen(state: IssueState, reviews: readonly ObservedReview[]): IssueState {
  const unsettled = reviews.filter(isUnsettled).map(({ reviewId }) => reviewId);
  const known = [...state.reviewsJudged, ...reviews.map(({ reviewId }) => reviewId)];
  const judged = [...new Set(known)].filter(id => !unsettled.includes(id));
  const counting = state.approvals.flatMap(({ review }) => (review === undefined ? [] : [review]));
  const waiting = [...counting, ...unsettled].map(id => id - 1);
  const reviewsSeen = Math.min(Math.max(state.reviewsSeen, ...judged), ...waiting);
  return { ...state, reviewsSeen, reviewsJudged: judged.filter(id => id > reviewsSeen) };
}

function isUnsettled(review: ObservedReview): boolean {
  return isVerdict(review) && review.author.type === 'User' && review.role.kind === 'unreadable';
}
