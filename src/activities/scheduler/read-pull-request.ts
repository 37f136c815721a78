/** Reads the pull request and its new reviews. */
import type { ObservedPullRequest, ObservedReview, RoleReading } from '../../domain/observation.ts';
import { getPull, type Pull } from '../../github/pulls.ts';
import { listReviews, type Review } from '../../github/reviews.ts';
import { rolesIn } from '../../github/roles.ts';
import type { SchedulerPorts } from './ports.ts';
import { putReview } from '../stored.ts';
import { accountType } from './account-type.ts';

export interface PullRequestPlace {
  readonly owner: string;
  readonly repo: string;
  readonly number: number;
  readonly reviewsSeen: number;
}

export async function readPullRequest(
  ports: SchedulerPorts,
  place: PullRequestPlace,
): Promise<ObservedPullRequest> {
  const pull = await getPull(ports.github, place);
  const roleFor = rolesIn(ports.github, place);
  const reviews: ObservedReview[] = [];
  for (const review of await listReviews(ports.github, { ...place, after: place.reviewsSeen })) {
    if (review.id > place.reviewsSeen && review.state !== 'PENDING')
      reviews.push(await observedReview(ports, review, await roleFor(review.author)));
  }
  return observedPullRequest(pull, reviews);
}

export function observedPullRequest(pull: Pull, reviews: readonly ObservedReview[]): ObservedPullRequest {
  return {
    number: pull.number,
    url: pull.htmlUrl,
    state: pull.state,
    draft: pull.draft,
    head: pull.headSha,
    base: pull.baseRef,
    merged:
      pull.merged && pull.mergeCommitSha !== undefined
        ? { commit: pull.mergeCommitSha, by: pull.mergedBy ?? 'unknown' }
        : null,
    mergeable: pull.mergeable ?? null,
    reviews,
  };
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
  };
}
