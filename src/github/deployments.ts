/** Lists deployments to an environment, newest first, each with its latest status. */
import { z } from 'zod';
import { ask } from './ask.ts';
import type { GitHub } from './client.ts';
import type { RepositoryName } from './credential.ts';

export type DeploymentState =
  'success' | 'failure' | 'error' | 'inactive' | 'in_progress' | 'queued' | 'pending' | 'none';

export interface Deployment {
  readonly id: number;
  readonly sha: string;
  readonly environment: string;
  readonly createdAt: string;
  /** `none` before the first status. */
  readonly state: DeploymentState;
  readonly stateAt: string | undefined;
  readonly environmentUrl: string | undefined;
}

export interface DeploymentsInput extends RepositoryName {
  readonly environment: string;
  readonly sha?: string;
  /** Each deployment costs one more request. */
  readonly deploymentsMax?: number;
}

export async function listDeployments(github: GitHub, input: DeploymentsInput): Promise<Deployment[]> {
  const { owner, repo, environment, sha, deploymentsMax = 5 } = input;
  const listed = github.rest.repos.listDeployments({
    owner,
    repo,
    environment,
    per_page: deploymentsMax,
    ...(sha === undefined ? {} : { sha }),
  });
  const deployments = await ask(listed, DeploymentsAnswer);
  const wanted = deployments.filter(
    at => at.environment === environment && (sha === undefined || at.sha === sha),
  );
  const withStatus: Deployment[] = [];
  for (const deployment of wanted) withStatus.push(await withLastStatus(github, input, deployment));
  return withStatus;
}

const DeploymentsAnswer = z.array(
  z.object({ id: z.number(), sha: z.string(), environment: z.string(), created_at: z.string() }),
);

const StatusesAnswer = z.array(
  z.object({
    /** A state that GitHub adds later must not count as success. */
    state: z
      .enum(['success', 'failure', 'error', 'inactive', 'in_progress', 'queued', 'pending'])
      .catch('pending'),
    created_at: z.string(),
    environment_url: z.string().nullish(),
  }),
);

async function withLastStatus(
  github: GitHub,
  { owner, repo }: RepositoryName,
  deployment: z.infer<typeof DeploymentsAnswer>[number],
): Promise<Deployment> {
  const asked = github.rest.repos.listDeploymentStatuses({
    owner,
    repo,
    deployment_id: deployment.id,
    per_page: 1,
  });
  const [last] = await ask(asked, StatusesAnswer);
  return {
    id: deployment.id,
    sha: deployment.sha,
    environment: deployment.environment,
    createdAt: deployment.created_at,
    state: last?.state ?? 'none',
    stateAt: last?.created_at,
    environmentUrl: last?.environment_url ?? undefined,
  };
}
