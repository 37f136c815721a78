/** The gateway: signed webhooks in, pokes into Temporal before they are answered. */
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

/** Issues of one repository in one stage that a single webhook may wake. */
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
  logger.info({ url }, 'gateway listens');
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
 * deployment can be quicker than the index of stages, so an issue that was about to merge is asked as well. What concerns
 * nobody now is left to the scan.
 */
async function handOver(temporal: Temporal, poke: WebhookPoke): Promise<void> {
  const { owner, repo, issue, facets, mayBegin } = poke;
  if (issue !== undefined) {
    const told = await pokeRunningIssue(temporal, { owner, repo, number: issue }, facets);
    // Which label opts in, and whether an ended issue begins again, is the scan's to know.
    if (told === 'not-running' && mayBegin === true) await startScan(temporal, { owner, repo });
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

/** One connection, made when first needed; gRPC itself comes back after an outage. */
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
