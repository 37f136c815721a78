/**
 * The head of the default branch. Scans and issues ask for it, and for the policy there, with the same requests: while
 * nothing changed, GitHub answers them with 304.
 */
import type { RepositoryRef } from '../domain/issue-ref.ts';
import { isCommitId } from '../git/mirror.ts';
import type { GitHub } from '../github/client.ts';
import { type BranchFacts, branchFacts } from '../github/required-checks.ts';
import { getRepository, type Repository } from '../github/repository.ts';
import { PermanentFailure } from './effect-failure.ts';

export interface DefaultBranch {
  readonly repository: Repository;
  readonly branch: BranchFacts;
}

export async function readDefaultBranch(
  github: GitHub,
  { owner, repo }: RepositoryRef,
): Promise<DefaultBranch> {
  const repository = await getRepository(github, { owner, repo });
  const { defaultBranch } = repository;
  const branch = await branchFacts(github, { owner, repo, branch: defaultBranch });
  if (branch === undefined) throw new PermanentFailure('PolicyMissing', `${defaultBranch} has no commit yet`);
  if (!isCommitId(branch.head))
    throw new PermanentFailure('RepositoryUnsupported', `the object names of ${owner}/${repo} are not SHA-1`);
  return { repository, branch };
}
