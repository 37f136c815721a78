/** The gateway: passes signed webhooks to Temporal as pokes before it answers them. */
import { connectTemporal, type Temporal, temporalSettings } from '../client/temporal/connection.ts';
import type { WebhookPoke } from '../gateway/poke.ts';
import { createWebhookServer } from '../gateway/webhook-server.ts';
import { pokeRunningIssue } from '../client/temporal/issues.ts';
import { listIssues } from '../client/temporal/list.ts';
import { startScan } from '../client/temporal/scan.ts';
import { type Environment, processSettings, SettingsError } from '../config/environment.ts';
import { parseIssueRef } from '../domain/issue-ref.ts';
import { announceReady } from '../host/parent-watch.ts';
import { createLogger } from './log.ts';

/** How many issues of one repository in one stage a single webhook can wake. */
const FAN_OUT_MAX = 50;

export async function runGateway(environment: Environment, stop: AbortSignal): Promise<number> {
  const settings = processSettings(environment);
  const logger = createLogger('gateway', settings);
  if (settings.SIGNALBOX_WEBHOOK_SECRET.length === 0)
    throw new SettingsError({
      what: 'no webhook secret',
      fix: 'set SIGNALBOX_WEBHOOK_SECRET to the secret of the webhook',
    });
  const temporal = reconnecting(environment);
  const server = createWebhookServer({
    secrets: settings.SIGNALBOX_WEBHOOK_SECRET,
    handOver: async poke => handOver(await temporal(), poke),
    logger,
    health: async () => ({
      ok: await temporal().then(
        () => true,
        () => false,
      ),
    }),
  });
  const url = await server.listen({
    host: settings.SIGNALBOX_GATEWAY_HOST,
    port: settings.SIGNALBOX_GATEWAY_PORT,
  });
  logger.info({ url }, 'gateway is listening');
  announceReady();
  await new Promise<void>(resolve => {
    if (stop.aborted) resolve();
    else stop.addEventListener('abort', () => resolve(), { once: true });
  });
  await server.close();
  return 0;
}

/**
 * A deployment or a check belongs to the repository, not to an issue: every issue that may wait for one looks again. A
 * deployment can be faster than the visibility index, so issues that were about to merge are woken too. The scan handles
 * the rest.
 */
async function handOver(temporal: Temporal, poke: WebhookPoke): Promise<void> {
  const { owner, repo, issue, facets, mayBegin } = poke;
  if (issue !== undefined) {
    const delivery = await pokeRunningIssue(temporal, { owner, repo, number: issue }, facets);
    // Only the scan knows which label opts in and whether an ended issue restarts.
    if (delivery === 'not-running' && mayBegin === true) await startScan(temporal, { owner, repo });
    return;
  }
  const stages = facets.includes('deployments') ? (['merged', 'pr'] as const) : (['pr'] as const);
  for (const stage of stages) {
    const query = { repository: { owner, repo }, stage };
    const { issues } = await listIssues(temporal, query, { issuesMax: FAN_OUT_MAX });
    for (const listed of issues) {
      const found = parseIssueRef(listed.issue);
      if (found !== undefined) await pokeRunningIssue(temporal, found, facets);
    }
  }
}

/** One connection, opened on first use; gRPC reconnects after an outage. */
function reconnecting(environment: Environment): () => Promise<Temporal> {
  let connected: Promise<Temporal> | undefined;
  return () => {
    connected ??= connectTemporal(temporalSettings(environment)).catch((error: unknown) => {
      connected = undefined;
      throw error;
    });
    return connected;
  };
}
