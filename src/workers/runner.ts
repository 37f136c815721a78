/** The runner worker: agent runs and verifications in the box. Holds no credential that can write. */
import { runnerActivities } from '../activities/runner.ts';
import { sweepLeases } from '../activities/runner/issue-lease.ts';
import { openStore } from '../artifacts/open-store.ts';
import { modelGatewayClient } from '../model-gateway/client.ts';
import { sweepLayers } from '../box/layers/store.ts';
import { sweepWorkspaces } from '../box/workspace.ts';
import {
  type Environment,
  processSettings,
  type ProcessSettings,
  sourceCredential,
} from '../config/environment.ts';
import { layoutOf, modelGatewayControl } from '../config/layout.ts';
import { RUNNER_QUEUE } from '../contracts/names.ts';
import { sweepQuarantines } from '../git/quarantine.ts';
import { createGitHub } from '../github/client.ts';
import { adapterFor } from './agents.ts';
import { coreTelemetry } from './core-metrics.ts';
import { watchedGitHub } from './github-signals.ts';
import { createLogger } from './log.ts';
import { processNetwork } from './process-network.ts';
import { watchedStore } from './store-signals.ts';
import { processSignals } from './signals.ts';
import { installRuntime } from './temporal-log.ts';
import { runTemporalWorker } from './temporal-worker.ts';
import { trustedTier } from './trusted-tier.ts';
import { wayOut } from './way-out.ts';
import { withoutEnd } from '../domain/without-end.ts';

export async function runRunner(environment: Environment, stop: AbortSignal): Promise<number> {
  const settings = processSettings(environment);
  const logger = createLogger('runner', settings);
  const signals = await processSignals('runner', settings, logger);
  installRuntime(logger, await coreTelemetry(signals));
  const layout = layoutOf(settings);
  const tier = await trustedTier(settings, logger);
  const swept = await sweepWorkspaces(layout.workspaces);
  if (swept.length > 0) logger.warn({ runs: swept }, 'removed the workspaces of a runner that is gone');
  await sweepLeases(layout.leases);
  await sweepQuarantines(layout.runnerMirrors);
  await sweepLayers(layout.layers);
  const network = processNetwork(settings);
  const github = createGitHub({
    apiUrl: settings.GITHUB_API_URL,
    credential: sourceCredential(settings),
    userAgent: 'signalbox-runner',
    onAnswer: watchedGitHub(signals),
    fetch: network.fetch,
  });
  const activities = runnerActivities({
    artifacts: watchedStore(openStore(settings), signals),
    mirrorsDir: layout.runnerMirrors,
    workspacesDir: layout.workspaces,
    leasesDir: layout.leases,
    remote: repository => ({
      url: sourceUrl(settings, repository),
      access: network.gitAccess(sourceUrl(settings, repository)),
      token: () => github.token(placeOf(repository.url)),
      // The operator names the relay, on a network for it alone; its password is of use nowhere else.
      allowHttp: settings.SIGNALBOX_SOURCE_URL !== undefined,
    }),
    tier,
    modelGateway: modelGatewayClient(modelGatewayControl(settings)),
    adapterFor: policy => adapterFor(policy, settings),
    setUp: { layersDir: layout.layers, dial: wayOut(settings) },
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
    signals,
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
