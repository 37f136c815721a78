/** The runner worker: agent runs and verifications in the box. Holds no credential that can write. */
import { runnerActivities } from '../activities/runner.ts';
import { createLocalDirectoryStore } from '../artifacts/local-directory.ts';
import { modelGatewayClient } from '../model-gateway/client.ts';
import { resolveHost } from '../box/egress/reach.ts';
import { sweepLayers } from '../box/layers/store.ts';
import { sweepWorkspaces } from '../box/workspace.ts';
import {
  type Environment,
  processSettings,
  type ProcessSettings,
  sourceCredential,
} from '../config/environment.ts';
import { layoutOf } from '../config/layout.ts';
import { RUNNER_QUEUE } from '../contracts/names.ts';
import { sweepQuarantines } from '../git/quarantine.ts';
import { createGitHub } from '../github/client.ts';
import { adapterFor } from './agents.ts';
import { createLogger } from './log.ts';
import { routeTemporalLog } from './temporal-log.ts';
import { runTemporalWorker } from './temporal-worker.ts';
import { trustedTier } from './trusted-tier.ts';
import { withoutEnd } from '../domain/without-end.ts';

export async function runRunner(environment: Environment, stop: AbortSignal): Promise<number> {
  const settings = processSettings(environment);
  const logger = createLogger('runner', settings);
  routeTemporalLog(logger);
  const layout = layoutOf(settings);
  const tier = await trustedTier(settings, logger);
  const swept = await sweepWorkspaces(layout.workspaces);
  if (swept.length > 0) logger.warn({ runs: swept }, 'removed the workspaces of a runner that is gone');
  await sweepQuarantines(layout.runnerMirrors);
  await sweepLayers(layout.layers);
  const github = createGitHub({
    apiUrl: settings.GITHUB_API_URL,
    credential: sourceCredential(settings),
    userAgent: 'signalbox-runner',
  });
  const activities = runnerActivities({
    artifacts: createLocalDirectoryStore({ directory: layout.artifacts }),
    mirrorsDir: layout.runnerMirrors,
    workspacesDir: layout.workspaces,
    remote: repository => ({
      url: sourceUrl(settings, repository),
      token: () => github.token(placeOf(repository.url)),
    }),
    tier,
    modelGateway: modelGatewayClient(layout.modelGatewayControl),
    adapterFor: policy => adapterFor(policy, settings),
    setUp: {
      layersDir: layout.layers,
      resolve: resolveHost,
      privateHosts: settings.SIGNALBOX_SETUP_PRIVATE_HOSTS,
    },
    logger,
  });
  const options = {
    taskQueue: RUNNER_QUEUE,
    activities: { ...activities },
    maxConcurrentActivityTaskExecutions: settings.SIGNALBOX_RUNNER_SLOTS,
  };
  return await runTemporalWorker({
    environment,
    logger,
    stop,
    workers: () => Promise.resolve([options]),
  });
}

/** GitHub's clone URL, or the relay's if one is set. */
function sourceUrl(
  { SIGNALBOX_SOURCE_URL: relay }: ProcessSettings,
  repository: { readonly url: string; readonly cloneUrl: string },
): string {
  if (relay === undefined) return repository.cloneUrl;
  const { owner, repo } = placeOf(repository.url);
  return `${withoutEnd(relay, '/')}/${owner}/${repo}.git`;
}

function placeOf(repositoryUrl: string): { readonly owner: string; readonly repo: string } {
  const [owner = '', repo = ''] = new URL(repositoryUrl).pathname
    .split('/')
    .filter(part => part !== '')
    .slice(-2);
  return { owner, repo };
}
