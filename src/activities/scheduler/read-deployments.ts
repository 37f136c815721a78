/** Deployments of the head to the environments that rules of the target branch name. */
import type { CheckState, ObservedChecks, ObservedDeployment } from '../../domain/check-report.ts';
import type { GitHub } from '../../github/client.ts';
import type { RepositoryName } from '../../github/credential.ts';
import { type DeploymentState, listDeployments } from '../../github/deployments.ts';
import { isClearNo } from '../../github/failure.ts';

interface Asked extends RepositoryName {
  readonly sha: string;
  readonly environments: readonly string[];
  readonly known: ObservedChecks | undefined;
}

/**
 * Costs two requests for each environment until its deployment has succeeded. What the credential may not read is left to
 * GitHub, which enforces the rule.
 */
export async function readDeployments(
  github: GitHub,
  { owner, repo, sha, environments, known }: Asked,
): Promise<Pick<ObservedChecks, 'deployments'>> {
  const done = known?.head === sha ? (known.deployments ?? []) : [];
  const deployments: ObservedDeployment[] = [];
  try {
    for (const name of environments) {
      const before = done.find(one => one.name === name && one.state === 'passed');
      deployments.push(before ?? (await newest(github, { owner, repo, sha, environment: name })));
    }
    return environments.length === 0 ? {} : { deployments };
  } catch (error) {
    if (!isClearNo(error)) throw error;
    return {};
  }
}

async function newest(
  github: GitHub,
  at: RepositoryName & { readonly sha: string; readonly environment: string },
): Promise<ObservedDeployment> {
  const [found] = await listDeployments(github, { ...at, deploymentsMax: 1 });
  const name = at.environment;
  if (found === undefined) return { name, state: 'pending', detail: 'not deployed yet' };
  return { name, state: MEANS[found.state], detail: found.state === 'none' ? 'not started' : found.state };
}

/** A deployment becomes inactive when a later one to the same environment has succeeded. */
const MEANS: Readonly<Record<DeploymentState, CheckState>> = {
  success: 'passed',
  inactive: 'passed',
  failure: 'failed',
  error: 'failed',
  in_progress: 'pending',
  queued: 'pending',
  pending: 'pending',
  none: 'pending',
};
