/** The scheduler's workers: one for the present build of the workflow code, one for each older build that is still needed. */
import type { NativeConnection, WorkerOptions } from '@temporalio/worker';
import type { Logger } from 'pino';
import type { ArtifactStore } from '../artifacts/port.ts';
import type { ProcessSettings } from '../config/environment.ts';
import {
  currentBuild,
  type WorkerDeployment,
  makeCurrent,
  otherBuilds,
  staleIssues,
  wake,
} from './deployment.ts';
import { keepBuild, keptBuild, type WorkflowBuild } from './workflow-build.ts';

type Options = Omit<WorkerOptions, 'connection' | 'namespace'>;

export interface SchedulerWorkersInput {
  readonly settings: ProcessSettings;
  readonly artifacts: ArtifactStore;
  readonly logger: Logger;
  readonly build: WorkflowBuild;
  /** Of every worker, but for the code it runs. */
  readonly options: Options;
}

/** Joins the deployment, and answers the workers to run. */
export async function schedulerWorkers(
  input: SchedulerWorkersInput,
  { connection, namespace }: { readonly connection: NativeConnection; readonly namespace: string },
): Promise<readonly Options[]> {
  const { settings, artifacts, logger, build } = input;
  const deployment = { connection, namespace, name: settings.SIGNALBOX_DEPLOYMENT };
  await keepBuild(artifacts, build);
  if (settings.SIGNALBOX_ROLLOUT === 'at-start') await makeCurrent(deployment, build.buildId);
  const builds = [build];
  for (const buildId of await otherBuilds(deployment, build.buildId)) {
    const kept = await keptBuild(artifacts, buildId);
    if (kept !== undefined) builds.push(kept);
    else
      logger.warn(
        { buildId },
        'issues may be waiting for workflow code that the artifact store does not have',
      );
  }
  if (builds.length > 1)
    logger.info({ builds: builds.length - 1 }, 'older workflow code runs beside the present');
  return builds.map(({ buildId, code }) => ({
    ...input.options,
    workflowBundle: { code },
    workerDeploymentOptions: {
      version: { deploymentName: deployment.name, buildId },
      useWorkerVersioning: true,
      defaultVersioningBehavior: 'PINNED',
    },
  }));
}

/** A new current version takes a moment to be known; an issue in the middle of a run takes as long as the run does. */
const WAKE_AFTER_MS = [200, 1_000, 5_000, 30_000, 120_000] as const;
const WAKE_EVERY_MS = 600_000;

/** Has issues that began with other code go on with the current one, once they are at rest. */
export async function renewOlder(
  deployment: WorkerDeployment,
  logger: Logger,
  over: AbortSignal,
): Promise<void> {
  for (let round = 0; await passes(WAKE_AFTER_MS[round] ?? WAKE_EVERY_MS, over); round++) {
    try {
      const asked = await wakeStaleIssues(deployment);
      if (asked > 0) logger.info({ issues: asked }, 'asked to go on with the current workflow code');
    } catch (error) {
      logger.warn({ error: error instanceof Error ? error.message : '' }, 'older issues could not be asked');
    }
  }
}

/** Answers how many there were; one that has ended meanwhile needs no waking. */
async function wakeStaleIssues(deployment: WorkerDeployment): Promise<number> {
  const current = await currentBuild(deployment);
  const left = current === undefined ? [] : await staleIssues(deployment, current);
  for (const issue of left) await wake(deployment, issue).catch(() => undefined);
  return left.length;
}

/** Whether this time went by before the end. */
function passes(ms: number, over: AbortSignal): Promise<boolean> {
  if (over.aborted) return Promise.resolve(false);
  return new Promise(resolve => {
    const ended = (): void => {
      clearTimeout(timer);
      resolve(false);
    };
    const timer = setTimeout(() => {
      over.removeEventListener('abort', ended);
      resolve(true);
    }, ms);
    over.addEventListener('abort', ended, { once: true });
  });
}
