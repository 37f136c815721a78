/** Reads the pull request, its new reviews, and what they say on lines. */
import type { KnownBranch } from '../../contracts/activities.ts';
import type { ForeignHead } from '../../domain/foreign-head.ts';
import type {
  LinesRead,
  Observation,
  ObservedPullRequest,
  ObservedReview,
  RoleReading,
} from '../../domain/observation.ts';
import { isReviewJudged } from '../../domain/review-read.ts';
import { readForeignHead } from '../../github/foreign-head.ts';
import { getPull, type Pull } from '../../github/pulls.ts';
import { countUnresolved } from '../../github/review-threads.ts';
import { type HandedOver, readHandedOver } from '../../github/hand-over.ts';
import { listReviews, type Review } from '../../github/reviews.ts';
import { rolesIn } from '../../github/roles.ts';
import type { SchedulerPorts } from './ports.ts';
import { putReview } from '../stored.ts';
import { accountType } from './account-type.ts';
import { readLines, type ReviewOnLines } from './read-lines.ts';

export interface PullRequestPlace {
  readonly owner: string;
  readonly repo: string;
  readonly number: number;
  readonly reviewsSeen: number;
  readonly reviewsJudged?: readonly number[];
  readonly reviewsSettled?: readonly number[];
  readonly reviewsReadTo?: number;
  readonly linesRead?: LinesRead;
  readonly branch?: KnownBranch;
  /** The target branch. */
  readonly into?: string;
  /** GitHub is to merge it. */
  readonly handedOver?: true;
  /** Reviews that consist of suggestions are told apart. */
  readonly suggestions?: true;
  /** Unresolved threads are counted. */
  readonly threads?: true;
}

export interface PullRequestRead {
  readonly pull: Pull;
  readonly pullRequest: ObservedPullRequest;
  readonly lines?: NonNullable<Observation['lines']>;
}

export async function readPullRequest(
  ports: SchedulerPorts,
  place: PullRequestPlace,
): Promise<PullRequestRead> {
  // Before the pull request: a queue that has merged it does not have it any more.
  const handedOver = place.handedOver === true ? await readHandedOver(ports.github, place) : undefined;
  const pull = await getPull(ports.github, place);
  const roleFor = rolesIn(ports.github, place);
  const listed = await listReviews(ports.github, { ...place, after: place.reviewsSeen });
  const onLines = await readLines(ports, place, { pull, roleFor });
  const reviews: ObservedReview[] = [];
  for (const review of listed)
    if (isNews(place, review) || onLines.reviews.some(({ of }) => of.reviewId === review.id))
      reviews.push(await observedReview(ports, review, await roleFor(review.author)));
  const foreign = await foreignHead(ports, place, pull);
  const pullRequest = {
    ...observedPullRequest(pull, await withLines(ports, reviews, onLines.reviews)),
    ...(await unresolvedThreads(ports, place, pull)),
    ...(handedOver === undefined || pull.merged ? {} : { handedOver: whereItIs(handedOver) }),
  };
  return {
    pull,
    pullRequest: foreign === undefined ? pullRequest : { ...pullRequest, foreign },
    ...(onLines.read === undefined ? {} : { lines: onLines.read }),
  };
}

/** A review that counts, or that asks for words, is read again, because it can be dismissed. */
function isNews(place: PullRequestPlace, { id: reviewId, state, submittedAt }: Review): boolean {
  if (state === 'PENDING') return false;
  const at = submittedAt === undefined ? {} : { submittedAt: Date.parse(submittedAt) };
  const { reviewsSeen, reviewsSettled = [], reviewsJudged = [], reviewsReadTo } = place;
  if (reviewsSettled.includes(reviewId)) return false;
  const read = { reviewsSeen, reviewsJudged, ...(reviewsReadTo === undefined ? {} : { reviewsReadTo }) };
  return reviewId > reviewsSeen || !isReviewJudged(read, { reviewId, ...at });
}

/** Of a review that is not in the newest pages of a long list, only its comments on lines are known. */
async function withLines(
  { artifacts }: SchedulerPorts,
  reviews: readonly ObservedReview[],
  onLines: readonly ReviewOnLines[],
): Promise<readonly ObservedReview[]> {
  const linesOf = (reviewId: number) => {
    const lines = onLines.find(({ of }) => of.reviewId === reviewId)?.lines;
    return lines === undefined ? {} : { lines };
  };
  const unlisted = onLines.filter(({ of }) => !reviews.some(({ reviewId }) => reviewId === of.reviewId));
  const body = unlisted.length === 0 ? undefined : await putReview(artifacts, '');
  return [
    ...reviews.map(review => ({ ...review, ...linesOf(review.reviewId) })),
    ...unlisted.flatMap(({ of, lines }) =>
      body === undefined ? [] : [{ ...of, state: 'commented' as const, body, empty: true as const, lines }],
    ),
  ];
}

function whereItIs({ isThere, position, why }: HandedOver): NonNullable<ObservedPullRequest['handedOver']> {
  if (!isThere) return { returned: why };
  return position === undefined ? {} : { position };
}

/** Costs a request only where it is asked for and there are threads. */
async function unresolvedThreads(
  { github }: SchedulerPorts,
  place: PullRequestPlace,
  { commentsOnLines }: Pull,
): Promise<Pick<ObservedPullRequest, 'unresolvedThreads'>> {
  if (place.threads !== true) return {};
  return { unresolvedThreads: commentsOnLines === 0 ? 0 : await countUnresolved(github, place) };
}

/** Costs a request only for a head that is not known yet. */
async function foreignHead(
  { github }: SchedulerPorts,
  { owner, repo, branch, into }: PullRequestPlace,
  { headSha: head, merged, state }: Pull,
): Promise<ForeignHead | undefined> {
  if (branch === undefined || into === undefined || merged || state !== 'open') return undefined;
  if (branch.heads.includes(head)) return undefined;
  return await readForeignHead(github, { owner, repo, into, head, ours: branch.ours });
}

export function observedPullRequest(pull: Pull, reviews: readonly ObservedReview[]): ObservedPullRequest {
  return {
    number: pull.number,
    url: pull.htmlUrl,
    state: pull.state,
    draft: pull.draft,
    head: pull.headSha,
    base: pull.baseRef,
    merged: mergedOf(pull),
    mergeable: pull.mergeable ?? null,
    ...(pull.readOnly === undefined ? {} : { readOnly: pull.readOnly }),
    reviews,
  };
}

/** A deleted account has no name and is no person any more. */
function mergedOf({ merged, mergeCommitSha, mergedBy, mergedAt }: Pull): ObservedPullRequest['merged'] {
  if (!merged || mergeCommitSha === undefined) return null;
  const { login, type } = mergedBy ?? { login: 'unknown', type: 'unknown' };
  const at = mergedAt === undefined ? {} : { at: Date.parse(mergedAt) };
  return { commit: mergeCommitSha, by: login, type: accountType(type), ...at };
}

const STATES = {
  APPROVED: 'approved',
  CHANGES_REQUESTED: 'changes-requested',
  DISMISSED: 'dismissed',
  COMMENTED: 'commented',
} as const;

async function observedReview(
  ports: SchedulerPorts,
  review: Review,
  role: RoleReading,
): Promise<ObservedReview> {
  return {
    reviewId: review.id,
    author: { login: review.author, type: accountType(review.authorType) },
    role,
    state: review.state === 'PENDING' ? 'commented' : STATES[review.state],
    commit: review.commitId ?? null,
    ...(review.submittedAt === undefined ? {} : { submittedAt: Date.parse(review.submittedAt) }),
    body: await putReview(ports.artifacts, review.body),
    ...(review.body.trim() === '' ? { empty: true } : {}),
  };
}
