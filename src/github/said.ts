/**
 * What GitHub says in words alone: its status and `errors[].code` are the same for other cases, so the message is read,
 * here and nowhere else. English always: the API is not translated.
 */

/** 422 for a second one: of a ref (`Reference already exists`), a pull request or a label (`already_exists`). */
export function saysExists(message: string): boolean {
  return /already.exists/i.test(message);
}

/** 422 for a ref that is gone (`Reference does not exist`); 404 is for the repository. */
export function saysGone(message: string): boolean {
  return /does not exist/i.test(message);
}

/** 409 of a merge: `Head branch was modified. Review and try the merge again.` */
export function saysHeadMoved(message: string): boolean {
  return /head branch|head sha/i.test(message);
}

/** 405 of a merge: `Base branch was modified. Review and try the merge again.` */
export function saysBaseMoved(message: string): boolean {
  return /base branch was modified/i.test(message);
}

/** 403 without `retry-after`: `You have exceeded a secondary rate limit` or, as on older servers, abuse detection. */
export function saysRateLimit(message: string): boolean {
  return /secondary rate limit|abuse detection/i.test(message);
}
