/** Lists the issues with the opt-in label. Costs no rate limit while nothing changed. */
import { z } from 'zod';
import type { GitHub } from './client.ts';
import type { RepositoryName } from './credential.ts';
import { isFailure } from './failure.ts';
import { IssueAnswer } from './issues.ts';
import type { Issue } from './issues.ts';
import { askPages, type PageAt, type Pages, PER_PAGE, restOfPages } from './pages.ts';

export interface OptedInInput extends RepositoryName {
  readonly label: string;
  /** From the previous response to the same request: an unchanged list then costs no rate limit. */
  readonly etag?: string;
  /** Only issues changed since then (ISO 8601). */
  readonly since?: string;
  readonly state?: 'open' | 'closed' | 'all';
}

export type OptedIn =
  | { readonly kind: 'not-modified' }
  | { readonly kind: 'listed'; readonly etag: string | undefined; readonly issues: readonly Issue[] };

/**
 * Sorted by newest change, so any change to a labelled issue changes the first page and its ETag. Removing the label
 * from an issue on a later page does not: the scan without an ETag finds that.
 */
export async function listOptedIn(github: GitHub, input: OptedInInput): Promise<OptedIn> {
  const { owner, repo, label, since, state = 'open' } = input;
  const question = { owner, repo, labels: label, state, sort: 'updated', direction: 'desc' } as const;
  const send = (at: PageAt, headers: Record<string, string>) =>
    github.rest.issues.listForRepo({
      ...question,
      ...(since === undefined ? {} : { since }),
      ...at,
      headers,
    });

  const condition: Record<string, string> = input.etag === undefined ? {} : { 'if-none-match': input.etag };
  const pages: Pages<Issue> = {
    what: `the issues of ${owner}/${repo} with the label ${label}`,
    send: at => send(at, {}),
    schema: z.array(IssueAnswer),
    by: issue => issue.author,
    pagesMax: 100,
  };
  const first = await send({ page: 1, per_page: PER_PAGE }, condition).catch((error: unknown) => {
    if (isFailure(error, 'too-large')) return undefined;
    throw error;
  });
  // In smaller pages, which have other ETags.
  if (first === undefined)
    return { kind: 'listed', etag: undefined, issues: withoutPullRequests(await askPages(pages)) };
  if ((first.status as number) === 304) return { kind: 'not-modified' };
  const issues = await restOfPages(pages, first);
  return { kind: 'listed', etag: first.headers.etag, issues: withoutPullRequests(issues) };
}

/** An issue that changed while the pages were read appears twice; the first entry is the newer. */
function withoutPullRequests(issues: readonly Issue[]): Issue[] {
  const byNumber = new Map<number, Issue>();
  for (const issue of issues)
    if (!issue.isPullRequest && !byNumber.has(issue.number)) byNumber.set(issue.number, issue);
  return [...byNumber.values()];
}
