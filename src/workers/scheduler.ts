/** The scheduler worker: workflows and every GitHub write. Never starts an agent, never runs git on an agent's tree. */
import type { Logger } from 'pino';
import { openStore } from '../artifacts/open-store.ts';
import { issueLives } from '../client/temporal/lives.ts';
import { mergeLines } from '../client/temporal/line.ts';
import { atTemporal, type Using } from '../client/temporal/connection.ts';
import { createNotify } from '../notify/webhook.ts';
import {
  type Environment,
  githubCredential,
  notifySettings,
  processSettings,
  repositories,
} from '../config/environment.ts';
import { SettingsError } from '../config/settings-error.ts';
import { commitMaker } from '../config/commit-settings.ts';
import { layoutOf } from '../config/layout.ts';
import { SCHEDULER_QUEUE } from '../contracts/names.ts';
import { schedulerActivities } from '../activities/scheduler.ts';
import { scanActivities } from '../activities/scan.ts';
import { createGitHub } from '../github/client.ts';
import { isFailure } from '../github/failure.ts';
import { whoAmI } from '../github/repository.ts';
import { errorText } from '../host/error-text.ts';
import { scheduleScans } from './scan-schedules.ts';
import { wakeOlderIssues, schedulerWorkers } from './scheduler-workers.ts';
import { coreTelemetry } from './core-metrics.ts';
import { watchedGitHub } from './github-signals.ts';
import { createLogger } from './log.ts';
import { processNetwork } from './process-network.ts';
import { addOverview } from './overview.ts';
import { reconnecting } from './temporal-client.ts';
import { watchedStore } from './store-signals.ts';
import { processSignals } from './signals.ts';
import { installRuntime } from './temporal-log.ts';
import { runTemporalWorker } from './temporal-worker.ts';
import { watchUnserved } from './unserved-watch.ts';
import { installedBuild } from './workflow-build.ts';

const USER_AGENT = 'signalbox';
const SLOTS = 20;

export async function runScheduler(environment: Environment, stop: AbortSignal): Promise<number> {
  const settings = processSettings(environment);
  const logger = createLogger('scheduler', settings);
  const scanned = repositories(settings);
  const notified = notifySettings(settings);
  const signals = await processSignals('scheduler', settings, logger);
  installRuntime(logger, await coreTelemetry(signals));
  const layout = layoutOf(settings);
  const network = processNetwork(settings);
  const github = createGitHub({
    apiUrl: settings.GITHUB_API_URL,
    credential: githubCredential(settings),
    userAgent: USER_AGENT,
    onAnswer: watchedGitHub(signals),
    fetch: network.fetch,
  });
  const using: Using = call => atTemporal(environment, call);
  const ports = {
    github,
    fetch: network.fetch,
    gitAccess: network.gitAccess,
    ownLogin: once(() => whoAmI(github)),
    artifacts: watchedStore(openStore(settings), signals),
    mirrorsDir: layout.schedulerMirrors,
    commitMaker: commitMaker(settings),
    ...(notified === undefined ? {} : { notify: createNotify(notified, network.fetch) }),
    lines: mergeLines(using),
    logger,
  };
  await requireToken(ports.ownLogin, logger);
  const lives = issueLives(using);
  const scan = scanActivities({ github, ownLogin: ports.ownLogin, lives, logger });
  const options = {
    taskQueue: SCHEDULER_QUEUE,
    activities: { ...schedulerActivities(ports), ...scan },
    maxConcurrentActivityTaskExecutions: SLOTS,
  };
  const temporal = reconnecting(environment);
  addOverview(signals.metrics, temporal);
  const build = await installedBuild();
  const everySeconds = settings.SIGNALBOX_SCAN_SECONDS;
  return await runTemporalWorker({
    environment,
    logger,
    stop,
    signals,
    workers: reached => schedulerWorkers({ ...ports, settings, build, options }, reached),
    alongside: async (reached, over) => {
      const onCount = (issues: number): void =>
        signals.metrics.set('signalbox_issues_without_worker', {}, issues);
      await Promise.all([
        wakeOlderIssues({ ...reached, name: settings.SIGNALBOX_DEPLOYMENT }, logger, over),
        scheduleScans({ environment, scanned, everySeconds, logger }, over),
        watchUnserved({ temporal, logger, onCount }, over),
      ]);
    },
  });
}

/** Fails immediately if GitHub refuses the token; if GitHub is unreachable, the activities retry later. */
async function requireToken(ownLogin: () => Promise<string>, logger: Logger): Promise<void> {
  try {
    logger.info({ login: await ownLogin() }, 'GitHub accepts the credential');
  } catch (error) {
    if (isFailure(error, 'unauthorized'))
      throw new SettingsError({
        what: 'GitHub does not accept the token',
        fix: 'set GITHUB_TOKEN or GITHUB_APP_* to a valid credential',
      });
    logger.warn({ error: errorText(error) }, 'cannot reach GitHub yet');
  }
}

/** Caches the first answer; asks again only after a failure. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined;
  return () => {
    asked ??= ask().catch((error: unknown) => {
      asked = undefined;
      throw error;
    });
    return asked;
  };
}
