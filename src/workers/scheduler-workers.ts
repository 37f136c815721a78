/** The scheduler's workers: one for the current build of the workflow code, one for each older build that is still needed. */
import type { NativeConnection, WorkerOptions } from '@temporalio/worker';
import type { Logger } from 'pino';
import type { ArtifactStore } from '../artifacts/port.ts';
import { noteUser } from '../artifacts/store-user.ts';
import { namespaceId } from '../client/temporal/namespace-id.ts';
import type { ProcessSettings } from '../config/environment.ts';
import { errorText } from '../host/error-text.ts';
import {
  currentBuild,
  type WorkerDeployment,
  makeCurrent,
  otherBuilds,
  staleIssues,
  wake,
} from './deployment.ts';
import { passes } from '../host/wait.ts';
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
  await noteUser(artifacts, { namespaceId: await namespaceId(deployment) });
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
/** With SIGNALBOX_ROLLOUT=by-hand people change the current version at any time. Then the rounds start again. */
const LOOK_EVERY_MS = 10_000;

/** Makes issues that started with other code continue with the current code when they are at rest. */
export async function wakeOlderIssues(
  deployment: WorkerDeployment,
  logger: Logger,
  over: AbortSignal,
): Promise<void> {
  let [round, leftMs]: [number, number] = [0, WAKE_AFTER_MS[0]];
  let known: string | undefined;
  for (let ms = leftMs; await passes(ms, over); ms = Math.min(leftMs, LOOK_EVERY_MS)) {
    leftMs -= ms;
    try {
      const current = await currentBuild(deployment);
      if (current !== known) [known, round, leftMs] = [current, 0, 0];
      if (leftMs > 0) continue;
      const asked = current === undefined ? 0 : await wakeStaleIssues(deployment, current);
      if (asked > 0)
        logger.info({ issues: asked }, 'asked issues to continue with the current workflow code');
    } catch (error) {
      logger.warn(
        { error: errorText(error) },
        'cannot ask older issues to continue with the current workflow code',
      );
    }
    round += 1;
    leftMs = WAKE_AFTER_MS[round] ?? WAKE_EVERY_MS;
  }
}

/** Returns how many issues there were; an issue that has ended in the meantime needs no wake. */
async function wakeStaleIssues(deployment: WorkerDeployment, current: string): Promise<number> {
  const left = await staleIssues(deployment, current);
  for (const issue of left) await wake(deployment, issue).catch(() => undefined);
  return left.length;
}
