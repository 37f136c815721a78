/** Scans a repository now, independent of its Schedule. Concurrent requests share one scan. */
import { WorkflowFailedError, type WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { ScanInput } from '../../contracts/messages.ts';
import { SCAN_WORKFLOW, scanScheduleId, SCHEDULER_QUEUE } from '../../contracts/names.ts';
import { fixOf } from '../../domain/failure.ts';
import { type RepositoryRef, repositoryName } from '../../domain/issue-ref.ts';
import { ClientProblem, GRPC, grpcFacts } from './client-problem.ts';
import { bounded, type Temporal } from './connection.ts';
import { noScheduler } from './decide.ts';

export interface ScanResult {
  /** Number of issues that were started or poked. */
  readonly started: number;
}

const SCAN_TIMEOUT_MS = 60_000;

/** Throws `ClientProblem`: no-scheduler after a timeout, unknown-issue when GitHub does not show the repository, refused for any other failure. */
export async function scanNow(
  temporal: Temporal,
  repository: RepositoryRef,
  signal?: AbortSignal,
): Promise<ScanResult> {
  const handle = await startScan(temporal, repository);
  const limits = { timeoutMs: SCAN_TIMEOUT_MS, ...(signal === undefined ? {} : { signal }) };
  return await bounded(temporal, () => resultOf(handle), limits);
}

type Scan = (input: ScanInput) => Promise<ScanResult>;

/** Once it resolves, the scan is durable even without a worker. */
export async function startScan(
  temporal: Temporal,
  repository: RepositoryRef,
): Promise<WorkflowHandleWithFirstExecutionRunId<Scan>> {
  return await bounded(temporal, () =>
    temporal.client.workflow.start<Scan>(SCAN_WORKFLOW, {
      workflowId: `${scanScheduleId(repository)}:now`,
      workflowIdConflictPolicy: 'USE_EXISTING',
      taskQueue: SCHEDULER_QUEUE,
      args: [{ repository }],
      staticSummary: `scan of ${repositoryName(repository)}, on request`,
    }),
  );
}

async function resultOf(handle: { result(): Promise<ScanResult> }): Promise<ScanResult> {
  try {
    return await handle.result();
  } catch (error) {
    if (grpcFacts(error)?.code === GRPC.deadlineExceeded) throw noScheduler(SCAN_TIMEOUT_MS);
    throw error instanceof WorkflowFailedError ? failed(error) : error;
  }
}

function failed(error: WorkflowFailedError): ClientProblem {
  let cause: unknown = error.cause;
  while (cause instanceof Error && !(cause instanceof ApplicationFailure) && cause.cause !== undefined)
    cause = cause.cause;
  const type = cause instanceof ApplicationFailure ? (cause.type ?? '') : '';
  const message = cause instanceof Error ? cause.message : error.message;
  const kind = type === 'GitHubNotFound' || type === 'GitHubMoved' ? 'unknown-issue' : 'refused';
  return new ClientProblem(kind, { what: message, fix: fixOf(type) });
}
