/** REST: comments on lines of a pull request. */
import { shownComments } from '../render/pull.ts';
import { renderReviewComment } from '../render/review-comment.ts';
import { replyInThread } from '../acts/review-comments.ts';
import { atLeast } from '../world.ts';
import { forbidden, invalid, notFound } from '../http/errors.ts';
import { created, param, requiredText, type Call, type Reply } from '../http/exchange.ts';
import { paginated } from '../http/pages.ts';
import { repositoryRoute, type Route } from '../http/route.ts';
import { pullOf } from './lookup.ts';

const needs = { permissions: ['pull_requests'] };

export const reviewCommentRoutes = (): Route[] => [
  repositoryRoute('GET /pulls/{pull_number}/comments', needs, listComments),
  repositoryRoute(
    'POST /pulls/{pull_number}/comments/{comment_id}/replies',
    { ...needs, contentCreating: true },
    reply,
  ),
];

function listComments(call: Call): Reply {
  const issue = pullOf(call);
  return paginated(call, shownComments(issue), comment => renderReviewComment({ ...call, issue, comment }));
}

/** Only the first comment of a thread can be answered. */
function reply(call: Call): Reply {
  const issue = pullOf(call);
  const thread = shownComments(issue).find(({ id }) => id === Number(param(call, 'comment_id')));
  if (thread === undefined || thread.inReplyTo !== undefined) throw notFound();
  const body = requiredText(call.body, 'body');
  if (body.trim() === '') throw invalid('PullRequestReviewComment', 'body cannot be blank');
  if (issue.locked && !atLeast(call.role, 'write'))
    throw forbidden('Unable to create comment because issue is locked.');
  return created(
    renderReviewComment({ ...call, issue, comment: replyInThread(call, issue, { thread, body }) }),
  );
}
