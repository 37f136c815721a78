/** Reads and writes comments of an issue, and finds those with our marker. */
import { z } from 'zod';
import { NullableActor, sameLogin } from './actor.ts';
import { ask } from './ask.ts';
import type { GitHub } from './client.ts';
import type { RepositoryName } from './credential.ts';
import { isFailure } from './failure.ts';
import type { GetIssueInput } from './issues.ts';
import { askPages } from './pages.ts';

export interface Comment {
  readonly id: number;
  readonly author: string;
  readonly authorType: string;
  readonly body: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** An edited comment is never a decision. */
  readonly edited: boolean;
  readonly htmlUrl: string;
}

export interface CommentInput extends RepositoryName {
  readonly commentId: number;
}

/** Oldest first. `since` is a time: only comments written or edited then or later. */
export async function listComments(
  github: GitHub,
  input: GetIssueInput & { readonly since?: string },
): Promise<Comment[]> {
  const { owner, repo, issue, since } = input;
  return await askPages({
    what: `the comments of ${owner}/${repo}#${issue}`,
    by: comment => comment.author,
    send: at =>
      github.rest.issues.listComments({
        owner,
        repo,
        issue_number: issue,
        ...at,
        ...(since === undefined ? {} : { since }),
      }),
    schema: z.array(CommentAnswer),
  });
}

export async function createComment(
  github: GitHub,
  input: GetIssueInput & { readonly body: string },
): Promise<Comment> {
  const { owner, repo, issue, body } = input;
  return await ask(
    github.rest.issues.createComment({ owner, repo, issue_number: issue, body }),
    CommentAnswer,
  );
}

/** Throws `not-found` when the comment was deleted. */
export async function updateComment(
  github: GitHub,
  input: CommentInput & { readonly body: string },
): Promise<Comment> {
  const { owner, repo, commentId, body } = input;
  return await ask(
    github.rest.issues.updateComment({ owner, repo, comment_id: commentId, body }),
    CommentAnswer,
  );
}

export async function deleteComment(github: GitHub, { owner, repo, commentId }: CommentInput): Promise<void> {
  try {
    await github.rest.issues.deleteComment({ owner, repo, comment_id: commentId });
  } catch (error) {
    if (!isFailure(error, 'not-found')) throw error;
  }
}

export interface MarkedInput extends GetIssueInput {
  readonly marker: string;
  /** Only comments of this login count, because anyone can copy a marker. */
  readonly author: string;
}

/** All comments with the marker, oldest first. Keep the first. */
export async function findMarked(
  github: GitHub,
  { marker, author, ...issue }: MarkedInput,
): Promise<Comment[]> {
  const comments = await listComments(github, issue);
  return comments.filter(comment => sameLogin(comment.author, author) && comment.body.includes(marker));
}

const CommentAnswer = z
  .object({
    id: z.number(),
    user: NullableActor,
    body: z.string().nullish(),
    created_at: z.string(),
    updated_at: z.string(),
    html_url: z.string(),
  })
  .transform((answer): Comment => ({
    id: answer.id,
    author: answer.user.login,
    authorType: answer.user.type,
    body: answer.body ?? '',
    createdAt: answer.created_at,
    updatedAt: answer.updated_at,
    edited: answer.updated_at !== answer.created_at,
    htmlUrl: answer.html_url,
  }));
