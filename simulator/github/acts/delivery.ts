/** Deployments and releases: the reports of deployment systems. */
import type { Deployment, DeploymentStatus, Release } from '../model.ts';
import { renderAccount } from '../render/account.ts';
import { renderDeployment, renderDeploymentStatus, renderRelease } from '../render/delivery.ts';
import { emit, nowIn, type Act } from './act.ts';
import { checkBounds } from './bounds.ts';

export interface NewDeployment {
  readonly sha: string;
  readonly ref: string;
  readonly environment: string;
  readonly task?: string;
  readonly description?: string | null;
  readonly payload?: unknown;
}

export function addDeployment(act: Act, input: NewDeployment): Deployment {
  checkBounds('Deployment', { description: input.description });
  const deployment: Deployment = {
    id: act.world.nextId(),
    sha: input.sha,
    ref: input.ref,
    task: input.task ?? 'deploy',
    environment: input.environment,
    description: input.description ?? null,
    payload: input.payload ?? {},
    creator: act.actor,
    createdAt: nowIn(act),
    statuses: [],
  };
  act.repository.deployments.push(deployment);
  emit(act, 'deployment', {
    action: 'created',
    deployment: renderDeployment(act.world, act.repository, deployment),
  });
  return deployment;
}

export interface NewDeploymentStatus {
  readonly state: string;
  readonly description?: string;
  readonly environmentUrl?: string;
  readonly logUrl?: string;
}

export function addDeploymentStatus(
  act: Act,
  deployment: Deployment,
  input: NewDeploymentStatus,
): DeploymentStatus {
  const { world, repository } = act;
  checkBounds('DeploymentStatus', { description: input.description });
  const status: DeploymentStatus = {
    id: world.nextId(),
    state: input.state,
    description: input.description ?? '',
    environmentUrl: input.environmentUrl ?? '',
    logUrl: input.logUrl ?? '',
    creator: act.actor,
    createdAt: nowIn(act),
  };
  deployment.statuses.push(status);
  emit(act, 'deployment_status', {
    action: 'created',
    deployment_status: renderDeploymentStatus({ world, repository, deployment, status }),
    deployment: renderDeployment(world, repository, deployment),
  });
  return status;
}

export function addRelease(act: Act, input: Omit<Release, 'id' | 'author' | 'createdAt'>): Release {
  checkBounds('Release', { name: input.name, body: input.body });
  const release: Release = { ...input, id: act.world.nextId(), author: act.actor, createdAt: nowIn(act) };
  act.repository.releases.push(release);
  const rendered = {
    ...renderRelease(act.world, act.repository, release),
    author: renderAccount(act.world, act.actor),
  };
  if (!release.draft) emit(act, 'release', { action: 'published', release: rendered });
  return release;
}
