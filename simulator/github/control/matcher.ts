/** Names requests: by method, by route name or path, by user. Used by faults, holds and the request log. */

/** One request as faults and holds see it. `path` has no base path and no query, and names the operation of GraphQL; git requests start with /owner/repo.git/. */
export interface Target {
  readonly method: string;
  /** OpenAPI path template, or `git-upload-pack`, `git-receive-pack`, `git-info-refs`; empty when unknown. */
  readonly route: string;
  readonly path: string;
  readonly user: string | null;
}

export interface Matcher {
  readonly method?: string;
  /** A RegExp matches the path; a string is a route name (`/repos/{owner}/{repo}/pulls`, `git-receive-pack`). */
  readonly path?: RegExp | string;
  readonly user?: string;
}

export const matches = (matcher: Matcher, target: Target): boolean =>
  (matcher.method === undefined || matcher.method === target.method) &&
  (matcher.user === undefined || matcher.user === target.user) &&
  pathMatches(matcher.path, target);

function pathMatches(path: Matcher['path'], target: Target): boolean {
  if (path === undefined) return true;
  return typeof path === 'string' ? path === target.route : path.test(target.path);
}
