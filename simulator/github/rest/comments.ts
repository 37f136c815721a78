/** REST: comments on issues and pull requests. */
import type { Comment } from '../model.ts';
import { atLeast } from '../world.ts';
import { commentsOf, renderComment } from '../render/issue.ts';
import { addComment, deleteComment, editComment } from '../acts/comments.ts';
import { forbidden, invalid } from '../http/errors.ts';
import { created, noContent, ok, requiredText, type Call, type Reply } from '../http/exchange.ts';
import { paginated } from '../http/pages.ts';
import { repositoryRoute, type Route } from '../http/route.ts';
import { commentOf, issueOf, requireAuthorOr } from './lookup.ts';

const needs = { permissions: ['issues', 'pull_requests'] };

export const commentRoutes = (): Route[] => [
  repositoryRoute('GET /issues/comments/{comment_id}', needs, call => ok(rendered(call, commentOf(call)))),
  repositoryRoute('PATCH /issues/comments/{comment_id}', needs, patchComment),
  repositoryRoute('DELETE /issues/comments/{comment_id}', needs, dropComment),
  repositoryRoute('GET /issues/{issue_number}/comments', needs, listComments),
  repositoryRoute('POST /issues/{issue_number}/comments', { ...needs, contentCreating: true }, postComment),
];

const rendered = (call: Call, comment: Comment): Record<string, unknown> =>
  renderComment(call.world, call.repository, comment);

function listComments(call: Call): Reply {
  const since = call.query.get('since');
  const recent = (comment: Comment): boolean =>
    since === null || Date.parse(comment.updatedAt) >= Date.parse(since);
  const comments = commentsOf(call.repository, issueOf(call)).filter(recent);
  return paginated(call, comments, comment => rendered(call, comment));
}

function bodyOf(call: Call): string {
  const body = requiredText(call.body, 'body');
  if (body.trim() === '') throw invalid('IssueComment', 'body cannot be blank');
  return body;
}

function postComment(call: Call): Reply {
  const issue = issueOf(call);
  if (issue.locked && !atLeast(call.role, 'write'))
    throw forbidden('Unable to create comment because issue is locked.');
  return created(rendered(call, addComment(call, issue, bodyOf(call))));
}

function patchComment(call: Call): Reply {
  const comment = commentOf(call);
  requireAuthorOr(call, comment.user, 'write');
  editComment(call, comment, bodyOf(call));
  return ok(rendered(call, comment));
}

function dropComment(call: Call): Reply {
  const comment = commentOf(call);
  requireAuthorOr(call, comment.user, 'write');
  deleteComment(call, comment);
  return noContent;
}
