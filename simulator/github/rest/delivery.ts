/** REST: deployments and releases. */
import type { Deployment } from '../model.ts';
import { addDeployment, addDeploymentStatus, addRelease } from '../acts/delivery.ts';
import { resolveRef } from '../git/objects.ts';
import { updateRef, zeroId } from '../git/write.ts';
import { renderDeployment, renderDeploymentStatus, renderRelease } from '../render/delivery.ts';
import { notFound } from '../http/errors.ts';
import { created, flag, ok, param, requiredText, text, type Call, type Reply } from '../http/exchange.ts';
import { paginated } from '../http/pages.ts';
import { repositoryRoute, type Route } from '../http/route.ts';
import { commitOf } from './lookup.ts';

const needs = (permission: string) => ({ permissions: [permission] });
const writer = (permission: string) => ({ permissions: [permission], role: 'write' }) as const;

export const deliveryRoutes = (): Route[] => [
  repositoryRoute('GET /deployments', needs('deployments'), listDeployments),
  repositoryRoute('POST /deployments', writer('deployments'), postDeployment),
  repositoryRoute('GET /deployments/{deployment_id}/statuses', needs('deployments'), listDeploymentStatuses),
  repositoryRoute('POST /deployments/{deployment_id}/statuses', writer('deployments'), postDeploymentStatus),
  repositoryRoute('GET /releases/latest', needs('contents'), latestRelease),
  repositoryRoute('POST /releases', { ...writer('contents'), contentCreating: true }, postRelease),
];

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
