/**
 * One request for each permission. GitHub must refuse each write as invalid, even with the permission: an issue
 * without a title, a ref and a status on a commit of zeros, a pull request from a branch to itself.
 */
import type { GitHub } from './client.ts';
import type { Repository } from './repository.ts';

export async function probeOf(github: GitHub, repository: Repository, permission: string): Promise<unknown> {
  const { owner, repo, defaultBranch } = repository;
  const { rest } = github;
  const probes: Readonly<Record<string, () => Promise<unknown>>> = {
    metadata: async () => await rest.repos.get({ owner, repo }),
    issues: async () => await rest.issues.create({ owner, repo, title: noTitle }),
    contents: async () =>
      await rest.git.createRef({ owner, repo, ref: 'refs/heads/never-created', sha: noCommit }),
    pull_requests: async () =>
      await rest.pulls.create({
        owner,
        repo,
        head: defaultBranch,
        base: defaultBranch,
        title: 'never opened',
      }),
    statuses: async () =>
      await rest.repos.createCommitStatus({ owner, repo, sha: noCommit, state: 'pending' }),
    checks: async () => await rest.checks.listForRef({ owner, repo, ref: defaultBranch, per_page: 1 }),
    deployments: async () => await rest.repos.listDeployments({ owner, repo, per_page: 1 }),
  };
  const probe = probes[permission];
  if (probe === undefined) throw new TypeError(`no probe for ${permission}`);
  return await probe();
}

/** Octokit's types require a title; JSON omits this one. (A probe with labels would also pass with "Pull requests".) */
const noTitle = undefined as unknown as string;
const noCommit = '0'.repeat(40);
