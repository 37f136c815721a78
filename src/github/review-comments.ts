/** Comments on lines of a pull request's diff and on its files, and answers in their threads. */
import { z } from 'zod';
import { ActorAnswer } from './actor.ts';
import { ask } from './ask.ts';
import type { GitHub } from './client.ts';
import { askPages } from './pages.ts';
import type { PullInput } from './pulls.ts';

export interface ReviewComment {
  readonly id: number;
  /** The first comment of its thread; itself, if it is the first. */
  readonly thread: number;
  /** 0 where GitHub names none. */
  readonly review: number;
  readonly author: string;
  readonly authorType: string;
  /** GitHub's number of the account. */
  readonly authorId: number | undefined;
  readonly path: string;
  /** Of the commit on which it was written; absent for a comment on the whole file. */
  readonly lines: { readonly from: number; readonly to: number; readonly side: 'LEFT' | 'RIGHT' } | undefined;
  /** Its first line is on the other side of the diff than its last one. */
  readonly isAcross: boolean;
  /** Its lines are not in the present diff any more. */
  readonly isOutdated: boolean;
  readonly hunk: string;
  readonly body: string;
  readonly commitId: string;
  readonly createdAt: string;
}

/** Oldest first. Comments of reviews that are not submitted yet are not listed. */
export async function listReviewComments(
  github: GitHub,
  { owner, repo, number }: PullInput,
): Promise<readonly ReviewComment[]> {
  return await askPages({
    what: `the comments on lines of ${owner}/${repo}#${number}`,
    by: comment => comment.author,
    send: at => github.rest.pulls.listReviewComments({ owner, repo, pull_number: number, ...at }),
    schema: z.array(CommentAnswer),
  });
}

export interface ThreadReplyInput extends PullInput {
  readonly thread: number;
  readonly body: string;
}

export async function replyInThread(
  github: GitHub,
  { owner, repo, number, thread, body }: ThreadReplyInput,
): Promise<void> {
  const place = { owner, repo, pull_number: number, comment_id: thread };
  await ask(github.rest.pulls.createReplyForReviewComment({ ...place, body }), CommentAnswer);
}

const Line = z.number().nullish();

/** As `NullableActor`, with its number. */
const Author = ActorAnswer.extend({ id: z.number().optional() })
  .nullish()
  .transform(author => author ?? { login: 'ghost', type: 'unknown', id: undefined });

const CommentAnswer = z
  .object({
    id: z.number(),
    in_reply_to_id: z.number().nullish(),
    pull_request_review_id: z.number().nullish(),
    user: Author,
    path: z.string(),
    subject_type: z.string().nullish(),
    original_line: Line,
    original_start_line: Line,
    /** Of an outdated comment only the original lines are there. */
    line: Line,
    start_line: Line,
    side: z.enum(['LEFT', 'RIGHT']).catch('RIGHT'),
    /** Of a comment on several lines. */
    start_side: z.string().nullish(),
    diff_hunk: z.string().default(''),
    body: z.string().nullish(),
    original_commit_id: z.string(),
    created_at: z.string(),
  })
  .transform((answer): ReviewComment => ({
    id: answer.id,
    thread: answer.in_reply_to_id ?? answer.id,
    review: answer.pull_request_review_id ?? 0,
    author: answer.user.login,
    authorType: answer.user.type,
    authorId: answer.user.id,
    path: answer.path,
    lines: linesOf(answer),
    isAcross: (answer.start_side ?? answer.side) !== answer.side,
    isOutdated: (answer.line ?? undefined) === undefined,
    hunk: answer.diff_hunk,
    body: answer.body ?? '',
    commitId: answer.original_commit_id,
    createdAt: answer.created_at,
  }));

interface LinesAnswer {
  readonly subject_type?: string | null | undefined;
  readonly original_line?: number | null | undefined;
  readonly original_start_line?: number | null | undefined;
  readonly line?: number | null | undefined;
  readonly start_line?: number | null | undefined;
  readonly side: 'LEFT' | 'RIGHT';
}

function linesOf(answer: LinesAnswer): ReviewComment['lines'] {
  const to = answer.original_line ?? answer.line ?? undefined;
  if (to === undefined || answer.subject_type === 'file') return undefined;
  return { from: answer.original_start_line ?? answer.start_line ?? to, to, side: answer.side };
}
