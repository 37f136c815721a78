/** Finds the object of a path, or answers as GitHub does: 404, 410 for a deleted issue, 301 for a transferred one. */
import type { Comment, Issue } from '../model.ts';
import { resolveCommit } from '../git/objects.ts';
import type { PullIssue } from '../render/pull.ts';
import { atLeast, isPull } from '../world.ts';
import { ApiError, forbidden, notFound, unprocessable } from '../http/errors.ts';
import { param, type Call } from '../http/exchange.ts';

export function issueOf(call: Call): Issue {
  const issue = call.repository.issues.get(Number(param(call, 'issue_number')));
  if (issue === undefined) throw notFound();
  if (issue.gone?.kind === 'deleted') throw new ApiError(410, 'This issue was deleted');
  if (issue.gone?.kind === 'transferred') {
    const location = `${call.world.apiUrl}/repositories/${issue.gone.repositoryId}/issues/${issue.gone.number}`;
    throw new ApiError(301, 'Moved Permanently', { headers: { location } });
  }
  return issue;
}

export function pullOf(call: Call): PullIssue {
  const issue = call.repository.issues.get(Number(param(call, 'pull_number')));
  if (issue === undefined || !isPull(issue)) throw notFound();
  return issue;
}

export function commentOf(call: Call): Comment {
  const comment = call.repository.comments.get(Number(param(call, 'comment_id')));
  if (comment === undefined) throw notFound();
  return comment;
}

/** A commit by branch, tag or id. */
export async function commitOf(call: Call, name: string): Promise<string> {
  const sha = await resolveCommit(call.repository.dir, name.replace(/^(refs\/)?(heads|tags)\//, ''));
  if (sha === undefined) throw unprocessable(`No commit found for SHA: ${name}`);
  return sha;
}

/** Authors may edit their own; others need the role. */
export function requireAuthorOr(call: Call, author: { id: number }, role: 'triage' | 'write'): void {
  if (author.id !== call.actor.id && !atLeast(call.role, role)) throw forbidden();
}
