/** Deployments and releases in GitHub's shapes. */
import type { Deployment, DeploymentStatus, Json, Release, Repository } from '../model.ts';
import { type World } from '../world.ts';
import { nodeId, renderAccount } from './account.ts';
import { repositoryApi, repositoryWeb } from './repository.ts';

export function renderDeployment(world: World, repository: Repository, deployment: Deployment): Json {
  const url = `${repositoryApi(world, repository)}/deployments/${deployment.id}`;
  return {
    url,
    id: deployment.id,
    node_id: nodeId('DE', deployment.id),
    sha: deployment.sha,
    ref: deployment.ref,
    task: deployment.task,
    payload: deployment.payload,
    original_environment: deployment.environment,
    environment: deployment.environment,
    description: deployment.description,
    creator: renderAccount(world, deployment.creator),
    created_at: deployment.createdAt,
    updated_at: deployment.statuses.at(-1)?.createdAt ?? deployment.createdAt,
    statuses_url: `${url}/statuses`,
    repository_url: repositoryApi(world, repository),
    transient_environment: false,
    production_environment: deployment.environment === 'production',
  };
}

export function renderDeploymentStatus(context: {
  world: World;
  repository: Repository;
  deployment: Deployment;
  status: DeploymentStatus;
}): Json {
  const { world, repository, deployment, status } = context;
  const url = `${repositoryApi(world, repository)}/deployments/${deployment.id}`;
  return {
    url: `${url}/statuses/${status.id}`,
    id: status.id,
    node_id: nodeId('DS', status.id),
    state: status.state,
    creator: renderAccount(world, status.creator),
    description: status.description,
    environment: deployment.environment,
    environment_url: status.environmentUrl,
    log_url: status.logUrl,
    target_url: status.logUrl,
    created_at: status.createdAt,
    updated_at: status.createdAt,
    deployment_url: url,
    repository_url: repositoryApi(world, repository),
  };
}

export function renderRelease(world: World, repository: Repository, release: Release): Json {
  const url = `${repositoryApi(world, repository)}/releases/${release.id}`;
  const web = repositoryWeb(world, repository);
  return {
    url,
    html_url: `${web}/releases/tag/${release.tagName}`,
    assets_url: `${url}/assets`,
    upload_url: `${url}/assets{?name,label}`,
    tarball_url: `${repositoryApi(world, repository)}/tarball/${release.tagName}`,
    zipball_url: `${repositoryApi(world, repository)}/zipball/${release.tagName}`,
    id: release.id,
    node_id: nodeId('RE', release.id),
    tag_name: release.tagName,
    target_commitish: release.target,
    name: release.name,
    body: release.body,
    draft: release.draft,
    prerelease: release.prerelease,
    created_at: release.createdAt,
    published_at: release.draft ? null : release.createdAt,
    author: renderAccount(world, release.author),
    assets: [],
  };
}
