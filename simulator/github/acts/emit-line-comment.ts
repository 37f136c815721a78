/** The webhook of a comment on lines. */
import type { ReviewComment } from '../model.ts';
import { renderPullSimple, type PullIssue } from '../render/pull.ts';
import { renderReviewComment } from '../render/review-comment.ts';
import { emit, type Act } from './act.ts';

export function emitLineComment(act: Act, issue: PullIssue, comment: ReviewComment): void {
  const { world, repository } = act;
  emit(act, 'pull_request_review_comment', {
    action: 'created',
    comment: renderReviewComment({ world, repository, issue, comment }),
    pull_request: renderPullSimple(world, repository, issue),
  });
}
