/** Statuses, checks, deployments and releases: the reports of CI and deployment systems. */
import type {
  CheckAnnotation,
  CheckRun,
  CommitStatus,
  Deployment,
  DeploymentStatus,
  Release,
  StatusState,
} from '../model.ts';
import { renderAccount } from '../render/account.ts';
import {
  renderCheckRun,
  renderDeployment,
  renderDeploymentStatus,
  renderRelease,
} from '../render/delivery.ts';
import { emit, nowIn, type Act } from './act.ts';
import { invalid } from '../http/errors.ts';
import { checkBounds } from './bounds.ts';

export interface NewStatus {
  readonly sha: string;
  readonly state: StatusState;
  readonly context: string;
  readonly description?: string | null;
  readonly targetUrl?: string | null;
}

export function addStatus(act: Act, input: NewStatus): CommitStatus {
  checkBounds('Status', { context: input.context, description: input.description });
  const status: CommitStatus = {
    id: act.world.nextId(),
    sha: input.sha,
    state: input.state,
    context: input.context,
    description: input.description ?? null,
    targetUrl: input.targetUrl ?? null,
    creator: act.actor,
    createdAt: nowIn(act),
  };
  act.repository.statuses.push(status);
  const { id, sha, state, context, description, targetUrl } = status;
  emit(act, 'status', { id, sha, state, context, description, target_url: targetUrl, branches: [] });
  return status;
}

export interface NewCheckRun {
  readonly sha: string;
  readonly name: string;
  readonly status?: CheckRun['status'];
  readonly conclusion?: string;
  readonly summary?: string;
  readonly externalId?: string;
  readonly title?: string;
  readonly detailsUrl?: string;
  readonly annotations?: readonly CheckAnnotation[];
}

/** GitHub's bound for one request. */
const ANNOTATIONS_MAX = 50;

export function addCheckRun(act: Act, input: NewCheckRun): CheckRun {
  checkBounds('CheckRun', { summary: input.summary });
  const status = input.status ?? 'completed';
  const at = nowIn(act);
  const run: CheckRun = {
    id: act.world.nextId(),
    sha: input.sha,
    name: input.name,
    status,
    conclusion: status === 'completed' ? (input.conclusion ?? 'success') : null,
    startedAt: at,
    completedAt: status === 'completed' ? at : null,
    ...shownOf(input),
  };
  act.repository.checkRuns.push(run);
  const action = status === 'completed' ? 'completed' : 'created';
  emit(act, 'check_run', { action, check_run: renderCheckRun(act.world, act.repository, run) });
  return run;
}

type ShownRun = Pick<CheckRun, 'summary' | 'externalId' | 'title' | 'detailsUrl' | 'annotations'>;

function shownOf(input: NewCheckRun): ShownRun {
  const { externalId = '', annotations = [] } = input;
  if (annotations.length > ANNOTATIONS_MAX)
    throw invalid('CheckRun', `a request can have at most ${ANNOTATIONS_MAX} annotations`);
  const [summary, title, detailsUrl] = [input.summary ?? null, input.title ?? null, input.detailsUrl ?? null];
  return { summary, externalId, title, detailsUrl, annotations };
}

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
