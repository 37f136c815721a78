/** Comments on lines of the diff and on files, answers in their threads, and resolved threads. */
import type { Review, ReviewComment, ReviewState } from '../model.ts';
import type { FileChange } from '../git/objects.ts';
import { unprocessable } from '../http/errors.ts';
import { renderPullSimple, type PullIssue } from '../render/pull.ts';
import { nodeId } from '../render/account.ts';
import { renderReviewComment } from '../render/review-comment.ts';
import { emit, nowIn, type Act } from './act.ts';
import { checkBounds } from './bounds.ts';
import { addReview, pullFiles, submitReview } from './pulls.ts';

export interface NewLineComment {
  readonly path: string;
  readonly body: string;
  /** Absent: on the whole file. */
  readonly line?: number;
  readonly startLine?: number;
  readonly side?: 'LEFT' | 'RIGHT';
}

export interface NewReview {
  readonly state: ReviewState;
  readonly body?: string;
  readonly comments: readonly NewLineComment[];
}

/** One review with comments on lines of the present head. */
export async function addReviewOnLines(act: Act, issue: PullIssue, input: NewReview): Promise<Review> {
  const files = await pullFiles(act, issue);
  const placed = input.comments.map(comment => ({ comment, hunk: hunkFor(files, comment) }));
  const { state, body } = input;
  const review = addReview(act, issue, { state: 'PENDING', ...(body === undefined ? {} : { body }) });
  for (const { comment, hunk } of placed) addLineComment(act, issue, { ...comment, hunk, review });
  if (state !== 'PENDING') submitReview(act, issue, { review, state });
  return review;
}

/** Like GitHub, a review of its own. */
export function replyInThread(
  act: Act,
  issue: PullIssue,
  { thread, body }: { readonly thread: ReviewComment; readonly body: string },
): ReviewComment {
  checkBounds('PullRequestReviewComment', { body });
  const review = addReview(act, issue, { state: 'PENDING' });
  const { path, subject, side, line, startLine, hunk, commitId } = thread;
  const reply: ReviewComment = {
    ...{ id: act.world.nextId(), reviewId: review.id, user: act.actor, body },
    ...{ path, subject, side, hunk, commitId, inReplyTo: thread.id, createdAt: nowIn(act) },
    ...(line === undefined ? {} : { line }),
    ...(startLine === undefined ? {} : { startLine }),
  };
  issue.pull.lineComments.push(reply);
  submitReview(act, issue, { review, state: 'COMMENTED' });
  return reply;
}

export function resolveThread(act: Act, issue: PullIssue, first: ReviewComment): void {
  const { world, repository, actor } = act;
  if (issue.pull.resolvedThreads.has(first.id)) return;
  issue.pull.resolvedThreads.set(first.id, actor);
  const comments = issue.pull.lineComments
    .filter(({ id, inReplyTo }) => (inReplyTo ?? id) === first.id)
    .map(comment => renderReviewComment({ world, repository, issue, comment }));
  emit(act, 'pull_request_review_thread', {
    action: 'resolved',
    thread: { node_id: nodeId('PRRT', first.id), comments },
    pull_request: renderPullSimple(world, repository, issue),
  });
}

function addLineComment(
  act: Act,
  issue: PullIssue,
  {
    path,
    body,
    line,
    startLine,
    side = 'RIGHT',
    hunk,
    review,
  }: NewLineComment & { hunk: string; review: Review },
): void {
  checkBounds('PullRequestReviewComment', { body });
  issue.pull.lineComments.push({
    ...{ id: act.world.nextId(), reviewId: review.id, user: act.actor, body, path, side, hunk },
    ...{ subject: line === undefined ? 'file' : 'line', commitId: issue.pull.headSha, createdAt: nowIn(act) },
    ...(line === undefined ? {} : { line }),
    ...(startLine === undefined ? {} : { startLine }),
  });
}

/** The part of the diff that ends with the line; only lines of the diff can be commented. */
function hunkFor(
  files: readonly FileChange[],
  { path, line, startLine, side = 'RIGHT' }: NewLineComment,
): string {
  const patch = files.find(({ filename }) => filename === path)?.patch;
  if (patch === undefined) throw unprocessable('pull_request_review_thread.path is invalid');
  if (line === undefined) return '';
  for (const hunk of patch.split(/^(?=@@ )/m)) {
    const shown = linesOf(hunk, side);
    const at = shown.get(line);
    if (at !== undefined && shown.has(startLine ?? line))
      return hunk
        .split('\n')
        .slice(0, at + 1)
        .join('\n');
  }
  throw unprocessable('pull_request_review_thread.line must be part of the diff');
}

/** Where each line of one side is in the hunk. */
function linesOf(hunk: string, side: 'LEFT' | 'RIGHT'): ReadonlyMap<number, number> {
  const [header = '', ...texts] = hunk.split('\n');
  const start = (side === 'LEFT' ? / -(\d+)/ : / \+(\d+)/).exec(header)?.[1];
  const absent = side === 'LEFT' ? '+' : '-';
  const shown = texts.flatMap((text, at) =>
    text === '' || /^\\/.test(text) || text.startsWith(absent) ? [] : [at + 1],
  );
  return new Map(shown.map((at, index) => [Number(start ?? 0) + index, at]));
}
