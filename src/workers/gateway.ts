/** The gateway: passes signed webhooks to Temporal as pokes before it answers them. */
import type { Logger } from 'pino';
import { ClientProblem } from '../client/temporal/client-problem.ts';
import type { Temporal } from '../client/temporal/connection.ts';
import type { WebhookPoke } from '../gateway/poke.ts';
import { createWebhookServer } from '../gateway/webhook-server.ts';
import { requireNamespace } from '../client/temporal/namespace.ts';
import { pokeRunningIssue } from '../client/temporal/issues.ts';
import { listIssues } from '../client/temporal/list.ts';
import { startScan } from '../client/temporal/scan.ts';
import { type Environment, processSettings } from '../config/environment.ts';
import { SettingsError } from '../config/settings-error.ts';
import type { Poke } from '../contracts/messages.ts';
import { parseIssueRef } from '../domain/issue-ref.ts';
import { openedAt, serveUntil } from './listening.ts';
import { createLogger } from './log.ts';
import { answersNow, reconnecting } from './temporal-client.ts';
import { processSignals } from './signals.ts';

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
  const signals = await processSignals('gateway', settings, logger);
  const temporal = reconnecting(environment);
  await refuseUnusable(temporal, logger);
  signals.health.watch('temporal', async () => {
    await answersNow(await temporal());
    return undefined;
  });
  const server = createWebhookServer({
    secrets: settings.SIGNALBOX_WEBHOOK_SECRET,
    handOver: async poke => handOver(await temporal(), poke),
    logger,
    metrics: signals.metrics,
    isHealthy: async () => (await signals.health.causes()).length === 0,
  });
  const listen = { host: settings.SIGNALBOX_GATEWAY_HOST, port: settings.SIGNALBOX_GATEWAY_PORT };
  const setting = { name: 'SIGNALBOX_GATEWAY_HOST and SIGNALBOX_GATEWAY_PORT', value: listen };
  const url = await openedAt(setting, () => server.listen(listen));
  logger.info({ url }, 'gateway is listening');
  return await serveUntil(stop, signals, server);
}

/**
 * A deployment or a check belongs to the repository, not to an issue: every issue that may wait for one looks again. A
 * deployment can be faster than the visibility index, so issues that were about to merge are woken too. The scan handles
 * the rest.
 */
async function handOver(temporal: Temporal, poke: WebhookPoke): Promise<void> {
  const { owner, repo, issue, facets, mayBegin } = poke;
  const news = newsIn(poke);
  if (issue !== undefined) {
    const delivery = await pokeRunningIssue(temporal, { owner, repo, number: issue }, news);
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
      if (found !== undefined) await pokeRunningIssue(temporal, found, news);
    }
  }
}

/** The issue itself knows its branch and its pull request, so it can tell whether the news is of them. */
function newsIn({ facets, branch, pull }: WebhookPoke): Poke {
  return {
    facets,
    ...(branch === undefined ? {} : { branch }),
    ...(pull === undefined ? {} : { pull }),
  };
}

/** A gateway without a server answers 503 until there is one; one that the server refuses must not start. */
async function refuseUnusable(temporal: () => Promise<Temporal>, logger: Logger): Promise<void> {
  try {
    await requireNamespace(await temporal());
  } catch (error) {
    if (!(error instanceof ClientProblem) || error.kind !== 'unreachable') throw error;
    logger.warn({ cause: error.message }, 'waiting for Temporal');
  }
}
