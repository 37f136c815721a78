/** Reads the pull request and its new reviews. */
import type { KnownBranch } from '../../contracts/activities.ts';
import type { ForeignHead } from '../../domain/foreign-head.ts';
import type { ObservedPullRequest, ObservedReview, RoleReading } from '../../domain/observation.ts';
import { readForeignHead } from '../../github/foreign-head.ts';
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
  readonly reviewsSettled: readonly number[];
  readonly branch?: KnownBranch;
  /** The target branch. */
  readonly into?: string;
}

export async function readPullRequest(
  ports: SchedulerPorts,
  place: PullRequestPlace,
): Promise<{ readonly pull: Pull; readonly pullRequest: ObservedPullRequest }> {
  const pull = await getPull(ports.github, place);
  const roleFor = rolesIn(ports.github, place);
  const reviews: ObservedReview[] = [];
  for (const review of await listReviews(ports.github, { ...place, after: place.reviewsSeen }))
    if (isOpen(place, review))
      reviews.push(await observedReview(ports, review, await roleFor(review.author)));
  const foreign = await foreignHead(ports, place, pull);
  const pullRequest = observedPullRequest(pull, reviews);
  return { pull, pullRequest: foreign === undefined ? pullRequest : { ...pullRequest, foreign } };
}

/** A role is asked for only where it can decide something. */
function isOpen({ reviewsSeen, reviewsSettled }: PullRequestPlace, { id, state }: Review): boolean {
  return id > reviewsSeen && state !== 'PENDING' && !reviewsSettled.includes(id);
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
