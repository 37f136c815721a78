/**
 * Cases that only GitHub's message tells apart, because the status and `errors[].code` are the same for other cases.
 * Messages are parsed only here. They are always in English.
 */

/** 422 for a duplicate ref (`Reference already exists`), pull request or label (`already_exists`). */
export function saysExists(message: string): boolean {
  return /already.exists/i.test(message);
}

/** 422 for a missing ref (`Reference does not exist`); 404 is for the repository. */
export function saysGone(message: string): boolean {
  return /does not exist/i.test(message);
}

/** 422 for a draft where the plan has none: `Draft pull requests are not supported in this repository.` */
export function saysNoDrafts(message: string): boolean {
  return /draft pull requests are not supported/i.test(message);
}

/** 409 of a merge: `Head branch was modified. Review and try the merge again.` */
export function saysHeadMoved(message: string): boolean {
  return /head branch|head sha/i.test(message);
}

/** 405 of a merge: `Base branch was modified. Review and try the merge again.` */
export function saysBaseMoved(message: string): boolean {
  return /base branch was modified/i.test(message);
}

/** Auto-merge has nothing to wait for: `Pull request is in clean status`; `unstable` if checks fail that nobody requires. */
export function saysMergeableNow(message: string): boolean {
  return /is in (?:clean|unstable) status/i.test(message);
}

/** 403 without `retry-after`: `You have exceeded a secondary rate limit`, or abuse detection on older servers. */
export function saysRateLimit(message: string): boolean {
  return /secondary rate limit|abuse detection/i.test(message);
}
