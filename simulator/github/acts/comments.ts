/** Comments on issues and pull requests. */
import type { Comment, Issue } from '../model.ts';
import { renderComment, renderIssue } from '../render/issue.ts';
import { emit, nowIn, type Act } from './act.ts';
import { checkBounds } from './bounds.ts';

export function addComment(act: Act, issue: Issue, body: string): Comment {
  checkBounds('IssueComment', { body });
  const { world, repository, actor } = act;
  const at = nowIn(act);
  const comment: Comment = {
    id: world.nextId(),
    issueNumber: issue.number,
    user: actor,
    body,
    createdAt: at,
    updatedAt: at,
  };
  repository.comments.set(comment.id, comment);
  issue.updatedAt = at;
  emitComment(act, comment, { action: 'created' });
  return comment;
}

export function editComment(act: Act, comment: Comment, body: string): void {
  checkBounds('IssueComment', { body });
  const from = comment.body;
  comment.body = body;
  comment.updatedAt = laterThan(comment.createdAt, nowIn(act));
  emitComment(act, comment, { action: 'edited', changes: { body: { from } } });
}

export function deleteComment(act: Act, comment: Comment): void {
  emitComment(act, comment, { action: 'deleted' });
  act.repository.comments.delete(comment.id);
}

/** An edit in the second of creation must still be visible: clients compare `updated_at` with `created_at`. */
const laterThan = (created: string, now: string): string =>
  now > created ? now : `${new Date(Date.parse(created) + 1000).toISOString().slice(0, 19)}Z`;

function emitComment(act: Act, comment: Comment, told: { action: string; changes?: unknown }): void {
  const issue = act.repository.issues.get(comment.issueNumber);
  if (issue === undefined) return;
  const rendered = renderIssue(act.world, act.repository, issue);
  emit(act, 'issue_comment', {
    ...told,
    issue: rendered,
    comment: renderComment(act.world, act.repository, comment),
  });
}
