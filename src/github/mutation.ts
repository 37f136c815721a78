/** A GraphQL mutation of a pull request: done, or refused for a reason that GitHub gives. */
import { z } from 'zod';
import { parsed } from './ask.ts';
import type { GitHub } from './client.ts';
import type { RepositoryName } from './credential.ts';
import { GitHubFailure } from './failure.ts';
import { redact } from './redact.ts';

export interface PlaceOfPull extends RepositoryName {
  /** GitHub's id of the pull request. */
  readonly pullId: string;
}

/** `refused`: GitHub's reason. */
export type MutationAnswer = { readonly kind: 'done' } | { readonly kind: 'refused'; readonly why: string };

export async function mutate(
  github: GitHub,
  mutation: string,
  variables: RepositoryName & Readonly<Record<string, unknown>>,
): Promise<MutationAnswer> {
  const answer = await github.graphql(mutation, variables);
  const refusal = RefusedAnswer.safeParse(answer.data);
  if (!refusal.success) {
    parsed(answer, DoneAnswer);
    return { kind: 'done' };
  }
  const [{ type, message }] = refusal.data.errors;
  const why = redact(message, WHY_CHARS_MAX);
  if (type === 'UNPROCESSABLE') return { kind: 'refused', why };
  throw new GitHubFailure({
    // What else went wrong may go well the next time.
    kind: NOT_ALLOWED.includes(type) ? 'forbidden' : 'bad-answer',
    status: answer.status,
    requestRoute: answer.url,
    message: why,
  });
}

const WHY_CHARS_MAX = 300;
const NOT_ALLOWED: readonly string[] = ['FORBIDDEN', 'INSUFFICIENT_SCOPES', 'NOT_FOUND'];

const RefusedAnswer = z.object({
  errors: z.tuple(
    [z.object({ type: z.string().default(''), message: z.string().default('GitHub gave no reason') })],
    z.unknown(),
  ),
});
const DoneAnswer = z.object({ data: z.record(z.string(), z.object({})) });
