/** Drafts: marking one as ready for review, which REST does not have. */
import type { GitHub } from './client.ts';
import { mutate, type MutationAnswer, type PlaceOfPull } from './mutation.ts';

export async function markReadyForReview(
  github: GitHub,
  { owner, repo, pullId }: PlaceOfPull,
): Promise<MutationAnswer> {
  return await mutate(github, READY, { owner, repo, pull: pullId });
}

const READY = `mutation MarkReady($pull: ID!) {
  markPullRequestReadyForReview(input: { pullRequestId: $pull }) { clientMutationId }
}`;
