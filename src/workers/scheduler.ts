/** The scheduler worker: workflows and every GitHub write. Never starts an agent, never runs git on an agent's tree. */
import type { Logger } from 'pino';
import { createLocalDirectoryStore } from '../artifacts/local-directory.ts';
import { issueLives } from '../client/temporal/lives.ts';
import { connectTemporal, type Temporal, temporalSettings } from '../client/temporal/connection.ts';
import { type Environment, githubCredential, processSettings, SettingsError } from '../config/environment.ts';
import { layoutOf } from '../config/layout.ts';
import { SCHEDULER_QUEUE } from '../contracts/names.ts';
import { schedulerActivities } from '../activities/scheduler.ts';
import { scanActivities } from '../activities/scan.ts';
import { createGitHub } from '../github/client.ts';
import { isFailure } from '../github/failure.ts';
import { whoAmI } from '../github/repository.ts';
import { wakeOlderIssues, schedulerWorkers } from './scheduler-workers.ts';
import { createLogger } from './log.ts';
import { routeTemporalLog } from './temporal-log.ts';
import { runTemporalWorker } from './temporal-worker.ts';
import { installedBuild } from './workflow-build.ts';

const USER_AGENT = 'signalbox';
const SLOTS = 20;

export async function runScheduler(environment: Environment, stop: AbortSignal): Promise<number> {
  const settings = processSettings(environment);
  const logger = createLogger('scheduler', settings);
  routeTemporalLog(logger);
  const layout = layoutOf(settings);
  const github = createGitHub({
    apiUrl: settings.GITHUB_API_URL,
    credential: githubCredential(settings),
    userAgent: USER_AGENT,
  });
  const ports = {
    github,
    ownLogin: once(() => whoAmI(github)),
    artifacts: createLocalDirectoryStore({ directory: layout.artifacts }),
    mirrorsDir: layout.schedulerMirrors,
    logger,
  };
  await requireToken(ports.ownLogin, logger);
  const lives = issueLives(call => connected(environment, call));
  const scan = scanActivities({ github, ownLogin: ports.ownLogin, lives, logger });
  const options = {
    taskQueue: SCHEDULER_QUEUE,
    activities: { ...schedulerActivities(ports), ...scan },
    maxConcurrentActivityTaskExecutions: SLOTS,
  };
  const build = await installedBuild();
  return await runTemporalWorker({
    environment,
    logger,
    stop,
    workers: reached => schedulerWorkers({ ...ports, settings, build, options }, reached),
    alongside: (reached, over) =>
      wakeOlderIssues({ ...reached, name: settings.SIGNALBOX_DEPLOYMENT }, logger, over),
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
    logger.warn({ error: error instanceof Error ? error.message : String(error) }, 'cannot reach GitHub yet');
  }
}

async function connected<T>(environment: Environment, call: (temporal: Temporal) => Promise<T>): Promise<T> {
  const temporal = await connectTemporal(temporalSettings(environment));
  try {
    return await call(temporal);
  } finally {
    await temporal.close();
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
