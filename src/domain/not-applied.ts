/** Why suggestions of a review were left to the agent. The same for as long as an attempt runs that gets it. */
import type { RequestedChanges, Work } from './state/work.ts';

/** `undefined` if the review had no suggestions, or they were applied. */
export function whyNotApplied(
  { runs, requestedChanges = [] }: Work,
  { reviewId, attempt, suggested, unsuggested }: RequestedChanges,
): string | undefined {
  if (unsuggested !== undefined || suggested === undefined) return unsuggested;
  const isApplied = runs.some(run => run.suggested?.reviews.includes(reviewId) === true);
  if (isApplied) return undefined;
  const isMixed = requestedChanges.some(other => other.attempt === attempt && other.suggested === undefined);
  return isMixed
    ? 'another review asked for changes that need the agent'
    : 'they are too many, or the change that they are written on does not count any more';
}
