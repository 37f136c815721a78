/** Which reviews and comments on lines are news. A review can be begun early and submitted late, so ids alone do not tell. */
import type { LinesRead, ObservedReview } from './observation.ts';
import type { Reading } from './state/reading.ts';

/** GitHub's times are whole seconds, and of several servers. */
const OVERLAP_MS = 60_000;

export type ReviewsRead = Pick<Reading, 'reviewsSeen' | 'reviewsJudged' | 'reviewsReadTo'>;

/** Whether the review was judged before. */
export function isReviewJudged(
  { reviewsSeen, reviewsJudged, reviewsReadTo }: ReviewsRead,
  { reviewId, submittedAt }: Pick<ObservedReview, 'reviewId' | 'submittedAt'>,
): boolean {
  if (reviewsJudged.includes(reviewId)) return true;
  if (reviewId > reviewsSeen) return false;
  return submittedAt === undefined || reviewsReadTo === undefined || submittedAt < reviewsReadTo - OVERLAP_MS;
}

/** Ids of read comments on lines that are kept. */
export const LINES_KNOWN_MAX = 500;

export function isLineRead({ ids }: Pick<LinesRead, 'ids'>, comment: number): boolean {
  return ids.includes(comment) || (ids.length >= LINES_KNOWN_MAX && comment < (ids[0] ?? 0));
}

/** In the order of their ids. */
export function withLinesRead(known: readonly number[], read: readonly number[]): readonly number[] {
  const ids = [...new Set([...known, ...read])].sort((one, other) => one - other);
  return ids.slice(-LINES_KNOWN_MAX);
}
