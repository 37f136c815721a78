/** REST: reviews of a pull request, and merging it. */
import type { Json, Review, ReviewState } from '../model.ts';
import { renderReview, type PullIssue } from '../render/pull.ts';
import { addReview } from '../acts/pulls.ts';
import { mergePull } from '../acts/merging.ts';
import { ApiError, unprocessable } from '../http/errors.ts';
import { ok, text, word, type Call, type Reply } from '../http/exchange.ts';
import { paginated } from '../http/pages.ts';
import { repositoryRoute, type Route } from '../http/route.ts';
import { pullOf } from './lookup.ts';

const pulls = { permissions: ['pull_requests'] };

export const reviewRoutes = (): Route[] => [
  repositoryRoute('GET /pulls/{pull_number}/reviews', pulls, listReviews),
  repositoryRoute('POST /pulls/{pull_number}/reviews', { ...pulls, contentCreating: true }, postReview),
  // merging needs permission to write contents, not only pull requests
  repositoryRoute('PUT /pulls/{pull_number}/merge', { permissions: ['contents'], role: 'write' }, merge),
];

const rendered = (call: Call, issue: PullIssue, review: Review): Json =>
  renderReview({ world: call.world, repository: call.repository, issue, review });

function listReviews(call: Call): Reply {
  const issue = pullOf(call);
  const shown = issue.pull.reviews.filter(
    ({ state, user }) => state !== 'PENDING' || user.id === call.actor.id,
  );
  return paginated(call, shown, review => rendered(call, issue, review));
}

const states: Readonly<Record<string, ReviewState>> = {
  APPROVE: 'APPROVED',
  REQUEST_CHANGES: 'CHANGES_REQUESTED',
  COMMENT: 'COMMENTED',
};

function postReview(call: Call): Reply {
  const issue = pullOf(call);
  const state = states[text(call.body, 'event') ?? ''] ?? 'PENDING';
  const own = issue.user.id === call.actor.id;
  if (own && state === 'APPROVED') throw unprocessable('Can not approve your own pull request');
  if (own && state === 'CHANGES_REQUESTED')
    throw unprocessable('Can not request changes on your own pull request');
  const body = text(call.body, 'body');
  const commitId = text(call.body, 'commit_id');
  const extra = { ...(body === undefined ? {} : { body }), ...(commitId === undefined ? {} : { commitId }) };
  return ok(rendered(call, issue, addReview(call, issue, { state, ...extra })));
}

async function merge(call: Call): Promise<Reply> {
  const issue = pullOf(call);
  const method = word(text(call.body, 'merge_method') ?? 'merge', ['merge', 'squash', 'rebase']);
  if (method === undefined) throw unprocessable('Invalid merge method');
  const sha = text(call.body, 'sha');
  const title = text(call.body, 'commit_title');
  const message = text(call.body, 'commit_message');
  const outcome = await mergePull(call, issue, {
    method,
    ...(sha === undefined ? {} : { sha }),
    ...(title === undefined ? {} : { title }),
    ...(message === undefined ? {} : { message }),
  });
  if (outcome.kind === 'head-modified')
    throw new ApiError(409, 'Head branch was modified. Review and try the merge again.');
  if (outcome.kind === 'refused') throw new ApiError(405, outcome.message);
  return ok({ sha: outcome.sha, merged: true, message: 'Pull Request successfully merged' });
}
