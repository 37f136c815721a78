/** A comment on lines of a pull request in GitHub's shape. */
import type { Json, Repository, ReviewComment } from '../model.ts';
import type { World } from '../world.ts';
import { nodeId, renderAccount } from './account.ts';
import { authorAssociation, reactions } from './issue.ts';
import type { PullIssue } from './pull.ts';
import { repositoryApi, repositoryWeb } from './repository.ts';

/** After a push the comment is outdated: only its original lines are there. GitHub keeps those that the push left in place. */
export function renderReviewComment(context: {
  world: World;
  repository: Repository;
  issue: PullIssue;
  comment: ReviewComment;
}): Json {
  const { world, repository, issue, comment } = context;
  const api = repositoryApi(world, repository);
  const self = `${api}/pulls/comments/${comment.id}`;
  const html = `${repositoryWeb(world, repository)}/pull/${issue.number}#discussion_r${comment.id}`;
  const pull = `${api}/pulls/${issue.number}`;
  return {
    url: self,
    id: comment.id,
    node_id: nodeId('PRRC', comment.id),
    pull_request_review_id: comment.reviewId,
    path: comment.path,
    ...linesOf(comment, issue.pull.headSha),
    diff_hunk: comment.hunk,
    subject_type: comment.subject,
    commit_id: comment.commitId,
    original_commit_id: comment.commitId,
    ...(comment.inReplyTo === undefined ? {} : { in_reply_to_id: comment.inReplyTo }),
    user: renderAccount(world, comment.user),
    body: comment.body,
    created_at: comment.createdAt,
    updated_at: comment.createdAt,
    html_url: html,
    pull_request_url: pull,
    author_association: authorAssociation(repository, comment.user),
    reactions: reactions(self),
    _links: { self: { href: self }, html: { href: html }, pull_request: { href: pull } },
  };
}

function linesOf({ subject, line, startLine, side, commitId }: ReviewComment, head: string): Json {
  const from = startLine ?? null;
  if (subject === 'file' || line === undefined) return { side };
  const isOutdated = commitId !== head;
  return {
    line: isOutdated ? null : line,
    original_line: line,
    start_line: isOutdated ? null : from,
    original_start_line: from,
    side,
    start_side: from === null ? null : side,
    position: isOutdated ? null : 1,
    original_position: 1,
  };
}
