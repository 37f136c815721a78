/** Which workflow code an issue is pinned to, who polls for it, and the override that moves an issue to other code. */
import { MESSAGES, SCHEDULER_QUEUE } from '../../contracts/names.ts';
import { bounded, type Temporal } from './connection.ts';

/** A build of the workflow code in a worker deployment. */
export interface WorkflowCode {
  readonly deployment: string;
  readonly buildId: string;
}

/** As Temporal's search attribute names it; neither part contains a colon. */
export function codeName({ deployment, buildId }: WorkflowCode): string {
  return `${deployment}:${buildId}`;
}

export function codeNamed(name: string): WorkflowCode | undefined {
  const [deployment = '', buildId = '', more] = name.split(':');
  return deployment === '' || buildId === '' || more !== undefined ? undefined : { deployment, buildId };
}

/** TASK_QUEUE_TYPE_WORKFLOW in Temporal's API. */
const WORKFLOW_QUEUE = 1;

/** When a scheduler last asked for work with each build, by `codeName`. The server forgets after five minutes. */
export async function lastPolls(temporal: Temporal): Promise<ReadonlyMap<string, number>> {
  const { namespace, connection } = temporal;
  const asked: object = { namespace, taskQueue: { name: SCHEDULER_QUEUE }, taskQueueType: WORKFLOW_QUEUE };
  const { pollers } = await bounded(temporal, () => connection.workflowService.describeTaskQueue(asked));
  const polls = new Map<string, number>();
  for (const { deploymentOptions, lastAccessTime } of pollers) {
    const code = codeOf(deploymentOptions);
    if (code === undefined) continue;
    const name = codeName(code);
    const at = Number(lastAccessTime?.seconds ?? 0) * 1_000;
    polls.set(name, Math.max(at, polls.get(name) ?? 0));
  }
  return polls;
}

/** The code that new issues start with; `undefined` before the first scheduler has started. */
export async function currentCode(temporal: Temporal, deployment: string): Promise<WorkflowCode | undefined> {
  const { namespace, connection } = temporal;
  const asked: object = { namespace, taskQueue: { name: SCHEDULER_QUEUE }, taskQueueType: WORKFLOW_QUEUE };
  const { versioningInfo } = await bounded(temporal, () =>
    connection.workflowService.describeTaskQueue(asked),
  );
  const code = codeOf(versioningInfo?.currentDeploymentVersion);
  return code?.deployment === deployment ? code : undefined;
}

export interface Pinned {
  readonly runId: string;
  /** The code that its last workflow task ran on. */
  readonly code?: WorkflowCode;
  /** Where a person sends it, until the override is removed. */
  readonly override?: WorkflowCode;
}

export async function pinnedCode(temporal: Temporal, workflowId: string): Promise<Pinned> {
  const handle = temporal.client.workflow.getHandle(workflowId);
  const { raw, runId } = await bounded(temporal, () => handle.describe());
  const { deploymentVersion, versioningOverride } = raw.workflowExecutionInfo?.versioningInfo ?? {};
  const code = codeOf(deploymentVersion);
  const override = codeOf(versioningOverride?.pinned?.version);
  return {
    runId,
    ...(code === undefined ? {} : { code }),
    ...(override === undefined ? {} : { override }),
  };
}

function codeOf(
  version: { readonly deploymentName?: string | null; readonly buildId?: string | null } | null | undefined,
): WorkflowCode | undefined {
  const { deploymentName: deployment, buildId } = version ?? {};
  return (deployment ?? '') === '' || (buildId ?? '') === ''
    ? undefined
    : { deployment: deployment ?? '', buildId: buildId ?? '' };
}

/** PINNED_OVERRIDE_BEHAVIOR_PINNED in Temporal's API. */
const PINNED = 1;

/** Sends all further workflow tasks of the run to this code; without one, to the code that it ran on last. */
export async function overrideCode(
  temporal: Temporal,
  run: { readonly workflowId: string; readonly runId: string },
  to?: WorkflowCode,
): Promise<void> {
  const { namespace, connection } = temporal;
  const versioningOverride =
    to === undefined
      ? null
      : { pinned: { behavior: PINNED, version: { deploymentName: to.deployment, buildId: to.buildId } } };
  const asked: object = {
    namespace,
    workflowExecution: run,
    workflowExecutionOptions: { versioningOverride },
    updateMask: { paths: ['versioning_override'] },
  };
  await bounded(temporal, () => connection.workflowService.updateWorkflowExecutionOptions(asked));
}

/** Gives the run a workflow task, which changes nothing in the issue. */
export async function wakeRun(
  temporal: Temporal,
  { workflowId, runId }: { readonly workflowId: string; readonly runId: string },
): Promise<void> {
  const handle = temporal.client.workflow.getHandle(workflowId, runId);
  await bounded(temporal, () => handle.signal(MESSAGES.wake));
}
