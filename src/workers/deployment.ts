/**
 * Temporal's worker deployment of the scheduler. Every issue is pinned to the build of the workflow code that it started
 * with, and moves to the current build when it is at rest. Until then this process also runs the older builds.
 */
import type { NativeConnection } from '@temporalio/worker';
import { GRPC } from '../client/temporal/grpc.ts';
import { ISSUE_WORKFLOW, MESSAGES } from '../contracts/names.ts';

export interface WorkerDeployment {
  readonly connection: NativeConnection;
  readonly namespace: string;
  /** The deployment's name in the namespace. */
  readonly name: string;
}

/** New issues start with this build, and issues at rest move to it. Its workers do not have to poll yet. */
export async function makeCurrent(deployment: WorkerDeployment, buildId: string): Promise<void> {
  const { connection, namespace, name } = deployment;
  try {
    await connection.workflowService.setWorkerDeploymentCurrentVersion({
      namespace,
      deploymentName: name,
      buildId,
      identity: 'signalbox scheduler',
      allowNoPollers: true,
      ignoreMissingTaskQueues: true,
    });
  } catch (error) {
    throw explained(error, buildId);
  }
}

function explained(error: unknown, buildId: string): unknown {
  switch (grpcCode(error)) {
    case GRPC.unimplemented:
      return new Error('this Temporal server does not support worker deployments. Fix: upgrade it');
    case GRPC.permissionDenied:
      return new Error(
        `Temporal does not allow the scheduler to make its workflow code current. Fix: set SIGNALBOX_ROLLOUT=by-hand, and let someone with permission set build ${buildId} as current`,
      );
    default:
      return error;
  }
}

/** The current build, if there is one; it does not matter who set it. */
export async function currentBuild(deployment: WorkerDeployment): Promise<string | undefined> {
  const info = await describe(deployment);
  return info?.routingConfig?.currentDeploymentVersion?.buildId ?? undefined;
}

/** VERSION_DRAINAGE_STATUS_DRAINED in Temporal's API: no open workflow uses this version. */
const DRAINED = 2;

/** Other builds that issues may still be pinned to. */
export async function otherBuilds(deployment: WorkerDeployment, buildId: string): Promise<readonly string[]> {
  const info = await describe(deployment);
  return (info?.versionSummaries ?? []).flatMap(({ deploymentVersion, drainageInfo }) => {
    const other = deploymentVersion?.buildId ?? '';
    return other === '' || other === buildId || Number(drainageInfo?.status) === DRAINED ? [] : [other];
  });
}

export interface StaleIssue {
  readonly workflowId: string;
  readonly runId: string;
}

const STALE_ISSUES_MAX = 10_000;

/** Open issues that are pinned to another build than the current one. */
export async function staleIssues(
  deployment: WorkerDeployment,
  current: string,
): Promise<readonly StaleIssue[]> {
  const { connection, namespace, name } = deployment;
  const query = [
    `WorkflowType = '${ISSUE_WORKFLOW}' AND ExecutionStatus = 'Running'`,
    `TemporalWorkerDeployment = '${name}'`,
    `TemporalWorkerDeploymentVersion != '${name}:${current}'`,
  ].join(' AND ');
  const found: StaleIssue[] = [];
  let nextPageToken: Uint8Array | null | undefined;
  do {
    const page = await connection.workflowService.listWorkflowExecutions({
      namespace,
      query,
      pageSize: 500,
      ...(nextPageToken == null ? {} : { nextPageToken }),
    });
    for (const { execution } of page.executions)
      found.push({ workflowId: execution?.workflowId ?? '', runId: execution?.runId ?? '' });
    ({ nextPageToken } = page);
  } while (nextPageToken.length > 0 && found.length < STALE_ISSUES_MAX);
  return found;
}

/** Wakes the workflow, so that it continues in the current build if it is at rest. */
export async function wake(deployment: WorkerDeployment, { workflowId, runId }: StaleIssue): Promise<void> {
  const { connection, namespace } = deployment;
  await connection.workflowService.signalWorkflowExecution({
    namespace,
    workflowExecution: { workflowId, runId },
    signalName: MESSAGES.wake,
    identity: 'signalbox scheduler',
  });
}

async function describe({ connection, namespace, name }: WorkerDeployment) {
  try {
    const asked = { namespace, deploymentName: name };
    return (await connection.workflowService.describeWorkerDeployment(asked)).workerDeploymentInfo;
  } catch (error) {
    if (grpcCode(error) === GRPC.notFound) return undefined;
    throw error;
  }
}

function grpcCode(error: unknown): number | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : undefined;
}
