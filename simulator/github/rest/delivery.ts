/** REST: commit statuses, deployments and releases. */
import type { CommitStatus, Deployment } from '../model.ts';
import { addDeployment, addDeploymentStatus, addRelease, addStatus } from '../acts/delivery.ts';
import { resolveRef } from '../git/objects.ts';
import { updateRef, zeroId } from '../git/write.ts';
import {
  renderDeployment,
  renderDeploymentStatus,
  renderRelease,
  renderSimpleStatus,
  renderStatus,
} from '../render/delivery.ts';
import { renderMinimalRepository, repositoryApi } from '../render/repository.ts';
import { notFound, unprocessable } from '../http/errors.ts';
import {
  created,
  flag,
  ok,
  param,
  requiredText,
  text,
  word,
  type Call,
  type Reply,
} from '../http/exchange.ts';
import { paginated } from '../http/pages.ts';
import { repositoryRoute, type Route } from '../http/route.ts';
import { commitOf } from './lookup.ts';

const needs = (permission: string) => ({ permissions: [permission] });
const writer = (permission: string) => ({ permissions: [permission], role: 'write' }) as const;

export const deliveryRoutes = (): Route[] => [
  repositoryRoute('POST /statuses/{sha}', writer('statuses'), postStatus),
  repositoryRoute('GET /commits/{ref}/status', needs('statuses'), combinedStatus),
  repositoryRoute('GET /deployments', needs('deployments'), listDeployments),
  repositoryRoute('POST /deployments', writer('deployments'), postDeployment),
  repositoryRoute('GET /deployments/{deployment_id}/statuses', needs('deployments'), listDeploymentStatuses),
  repositoryRoute('POST /deployments/{deployment_id}/statuses', writer('deployments'), postDeploymentStatus),
  repositoryRoute('GET /releases/latest', needs('contents'), latestRelease),
  repositoryRoute('POST /releases', { ...writer('contents'), contentCreating: true }, postRelease),
];

async function postStatus(call: Call): Promise<Reply> {
  const sha = await commitOf(call, param(call, 'sha'));
  const state = word(requiredText(call.body, 'state'), ['error', 'failure', 'pending', 'success']);
  if (state === undefined) throw unprocessable('state is not included in the list');
  const context = text(call.body, 'context') ?? 'default';
  const description = text(call.body, 'description') ?? null;
  const targetUrl = text(call.body, 'target_url') ?? null;
  const status = addStatus(call, { sha, state, context, description, targetUrl });
  return created(renderStatus(call.world, call.repository, status));
}

function combinedState(statuses: readonly CommitStatus[]): string {
  if (statuses.some(status => status.state === 'failure' || status.state === 'error')) return 'failure';
  return statuses.length === 0 || statuses.some(status => status.state === 'pending') ? 'pending' : 'success';
}

async function combinedStatus(call: Call): Promise<Reply> {
  const { world, repository } = call;
  const sha = await commitOf(call, param(call, 'ref'));
  const last = new Map(repository.statuses.filter(one => one.sha === sha).map(one => [one.context, one]));
  const statuses = [...last.values()];
  const url = `${repositoryApi(world, repository)}/commits/${sha}`;
  return ok({
    state: combinedState(statuses),
    statuses: statuses.map(status => renderSimpleStatus(world, repository, status)),
    sha,
    total_count: statuses.length,
    repository: renderMinimalRepository(world, repository),
    commit_url: url,
    url: `${url}/status`,
  });
}

/** Newest first. */
function listDeployments(call: Call): Reply {
  const filters = ['environment', 'sha', 'ref', 'task'] as const;
  const found = call.repository.deployments.filter(deployment =>
    filters.every(name => (call.query.get(name) ?? deployment[name]) === deployment[name]),
  );
  return paginated(call, found.reverse(), one => renderDeployment(call.world, call.repository, one));
}

async function postDeployment(call: Call): Promise<Reply> {
  const ref = requiredText(call.body, 'ref');
  const sha = await commitOf(call, ref);
  const deployment = addDeployment(call, {
    sha,
    ref,
    environment: text(call.body, 'environment') ?? 'production',
    task: text(call.body, 'task') ?? 'deploy',
    description: text(call.body, 'description') ?? null,
    payload: call.body.payload ?? {},
  });
  return created(renderDeployment(call.world, call.repository, deployment));
}

function deploymentOf(call: Call): Deployment {
  const id = Number(param(call, 'deployment_id'));
  const deployment = call.repository.deployments.find(one => one.id === id);
  if (deployment === undefined) throw notFound();
  return deployment;
}

function listDeploymentStatuses(call: Call): Reply {
  const { world, repository } = call;
  const deployment = deploymentOf(call);
  const newestFirst = [...deployment.statuses].reverse();
  return paginated(call, newestFirst, status =>
    renderDeploymentStatus({ world, repository, deployment, status }),
  );
}

function postDeploymentStatus(call: Call): Reply {
  const { world, repository } = call;
  const deployment = deploymentOf(call);
  const status = addDeploymentStatus(call, deployment, {
    state: requiredText(call.body, 'state'),
    description: text(call.body, 'description') ?? '',
    environmentUrl: text(call.body, 'environment_url') ?? '',
    logUrl: text(call.body, 'log_url') ?? '',
  });
  return created(renderDeploymentStatus({ world, repository, deployment, status }));
}

function latestRelease(call: Call): Reply {
  const release = call.repository.releases.findLast(one => !one.draft && !one.prerelease);
  if (release === undefined) throw notFound();
  return ok(renderRelease(call.world, call.repository, release));
}

async function postRelease(call: Call): Promise<Reply> {
  const tagName = requiredText(call.body, 'tag_name');
  const target = text(call.body, 'target_commitish') ?? call.repository.defaultBranch;
  const draft = flag(call.body, 'draft') ?? false;
  const ref = `refs/tags/${tagName}`;
  if (!draft && (await resolveRef(call.repository.dir, ref)) === undefined) {
    await updateRef(call.repository.dir, { ref, newSha: await commitOf(call, target), oldSha: zeroId });
  }
  const release = addRelease(call, {
    tagName,
    target,
    name: text(call.body, 'name') ?? null,
    body: text(call.body, 'body') ?? null,
    draft,
    prerelease: flag(call.body, 'prerelease') ?? false,
  });
  return created(renderRelease(call.world, call.repository, release));
}
