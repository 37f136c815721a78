/** Lists the reviews of a pull request, each with the commit it is for. */
import { z } from 'zod';
import { NullableActor } from './actor.ts';
import type { GitHub } from './client.ts';
import { askNewest } from './pages.ts';
import type { PullInput } from './pulls.ts';

export type ReviewState = 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED' | 'PENDING';

export interface Review {
  readonly id: number;
  readonly author: string;
  readonly authorType: string;
  readonly state: ReviewState;
  /** Undefined when GitHub no longer reports it; the review then approves nothing. */
  readonly commitId: string | undefined;
  readonly submittedAt: string | undefined;
  readonly body: string;
}

/** Oldest first. With `after`, older reviews can be missing. */
export async function listReviews(
  github: GitHub,
  { owner, repo, number, after = 0 }: PullInput & { readonly after?: number },
): Promise<readonly Review[]> {
  return await askNewest(
    {
      what: `the reviews of ${owner}/${repo}#${number}`,
      send: at => github.rest.pulls.listReviews({ owner, repo, pull_number: number, ...at }),
      schema: z.array(ReviewAnswer),
      by: review => review.author,
    },
    ([oldest]) => (oldest?.id ?? 0) <= after,
  );
}

const ReviewAnswer = z
  .object({
    id: z.number(),
    user: NullableActor,
    /** A state that GitHub adds later must not count as an approval. */
    state: z.enum(['APPROVED', 'CHANGES_REQUESTED', 'COMMENTED', 'DISMISSED', 'PENDING']).catch('COMMENTED'),
    commit_id: z.string().nullish(),
    submitted_at: z.string().nullish(),
    body: z.string().nullish(),
  })
  .transform((answer): Review => ({
    id: answer.id,
    author: answer.user.login,
    authorType: answer.user.type,
    state: answer.state,
    commitId: answer.commit_id ?? undefined,
    submittedAt: answer.submitted_at ?? undefined,
    body: answer.body ?? '',
  }));
