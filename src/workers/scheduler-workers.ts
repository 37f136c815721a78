/** The scheduler's workers: one for the current build of the workflow code, one for each older build that is still needed. */
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
  /** The options of every worker, except for its workflow code. */
  readonly options: Options;
}

/** Joins the deployment and returns the options of the workers to run. */
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
    else logger.warn({ buildId }, 'issues may be pinned to a build that the artifact store does not have');
  }
  if (builds.length > 1)
    logger.info({ builds: builds.length - 1 }, 'running older workflow code together with the current code');
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

/** Temporal needs a moment to publish a new current version; an issue with a running effect needs until its end. */
const WAKE_AFTER_MS = [200, 1_000, 5_000, 30_000, 120_000] as const;
const WAKE_EVERY_MS = 600_000;

/** Makes issues that started with other code continue with the current code when they are at rest. */
export async function wakeOlderIssues(
  deployment: WorkerDeployment,
  logger: Logger,
  over: AbortSignal,
): Promise<void> {
  for (let round = 0; await passes(WAKE_AFTER_MS[round] ?? WAKE_EVERY_MS, over); round++) {
    try {
      const asked = await wakeStaleIssues(deployment);
      if (asked > 0)
        logger.info({ issues: asked }, 'asked issues to continue with the current workflow code');
    } catch (error) {
      logger.warn(
        { error: error instanceof Error ? error.message : '' },
        'cannot ask older issues to continue with the current workflow code',
      );
    }
  }
}

/** Returns how many issues there were; an issue that has ended in the meantime needs no wake. */
async function wakeStaleIssues(deployment: WorkerDeployment): Promise<number> {
  const current = await currentBuild(deployment);
  const left = current === undefined ? [] : await staleIssues(deployment, current);
  for (const issue of left) await wake(deployment, issue).catch(() => undefined);
  return left.length;
}

/** True when the time passed, false when the signal aborted first. */
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
