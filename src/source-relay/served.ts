/** The repositories that a source relay serves: where GitHub keeps them, and the token to read them with. */
import { type RepositoryRef, repositoryName } from '../domain/issue-ref.ts';
import type { GitHub } from '../github/client.ts';
import { getRepository } from '../github/repository.ts';
import type { RelayOrigin } from './relay.ts';

/** GitHub is asked once for the place of each repository, and for a new token when the last one expires. */
export function servedRepositories(
  github: GitHub,
  repositories: readonly RepositoryRef[],
): (repository: RepositoryRef) => Promise<RelayOrigin | undefined> {
  const served = new Set(repositories.map(one => repositoryName(one).toLowerCase()));
  const cloneUrls = new Map<string, string>();
  return async repository => {
    const name = repositoryName(repository).toLowerCase();
    if (!served.has(name)) return undefined;
    const cloneUrl = cloneUrls.get(name) ?? (await getRepository(github, repository)).cloneUrl;
    cloneUrls.set(name, cloneUrl);
    return { cloneUrl, token: await github.token(repository) };
  };
}
