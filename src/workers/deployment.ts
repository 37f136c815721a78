/**
 * Temporal's worker deployment of the scheduler. Every issue is pinned to the build of the workflow code it began with, and
 * goes on in the current one as soon as it is at rest: until then this process runs the older builds too.
 */
import type { NativeConnection } from '@temporalio/worker';
import { GRPC } from '../client/temporal/client-problem.ts';
import { ISSUE_WORKFLOW, MESSAGES } from '../contracts/names.ts';

export interface WorkerDeployment {
  readonly connection: NativeConnection;
  readonly namespace: string;
  /** Its name in that namespace. */
  readonly name: string;
}

/** New issues begin with this build, and those at rest move to it. It need not be polled for yet. */
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
      return new Error('this Temporal server has no worker deployments: upgrade it');
    case GRPC.permissionDenied:
      return new Error(
        `Temporal does not let the scheduler make its workflow code current: set SIGNALBOX_ROLLOUT=by-hand, and have somebody do it for build ${buildId}`,
      );
    default:
      return error;
  }
}

/** The build that is current, if any is; who else made it so does not matter. */
export async function currentBuild(deployment: WorkerDeployment): Promise<string | undefined> {
  const info = await describe(deployment);
  return info?.routingConfig?.currentDeploymentVersion?.buildId ?? undefined;
}

/** VERSION_DRAINAGE_STATUS_DRAINED in Temporal's API: nothing is open there any more. */
const DRAINED = 2;

/** Builds beside this one that issues may still be pinned to. */
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

/** Nothing but a reason to look up: at rest, it goes on in the current build. */
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
