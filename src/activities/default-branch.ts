/**
 * The head of the default branch. Scans and issues ask for it, and for the policy there, with the same requests: while
 * nothing changed, GitHub answers them with 304.
 */
import type { RepositoryRef } from '../domain/issue-ref.ts';
import { isCommitId } from '../git/mirror.ts';
import type { GitHub } from '../github/client.ts';
import { getRef } from '../github/refs.ts';
import { getRepository, type Repository } from '../github/repository.ts';
import { PermanentFailure } from './effect-failure.ts';

export interface DefaultBranch {
  readonly repository: Repository;
  readonly head: string;
}

export async function readDefaultBranch(
  github: GitHub,
  { owner, repo }: RepositoryRef,
): Promise<DefaultBranch> {
  const repository = await getRepository(github, { owner, repo });
  const { defaultBranch: branch } = repository;
  const head = await getRef(github, { owner, repo, branch });
  if (head === undefined) throw new PermanentFailure('PolicyMissing', `${branch} has no commit yet`);
  if (!isCommitId(head))
    throw new PermanentFailure('RepositoryUnsupported', `the object names of ${owner}/${repo} are not SHA-1`);
  return { repository, head };
}
