/** Scans a repository now, independent of its Schedule. Concurrent requests share one scan. */
import { WorkflowFailedError, type WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { ScanInput } from '../../contracts/messages.ts';
import { SCAN_RUN_TIMEOUT, SCAN_WORKFLOW, scanScheduleId, SCHEDULER_QUEUE } from '../../contracts/names.ts';
import { fixOf } from '../../domain/failure.ts';
import { type RepositoryRef, repositoryName } from '../../domain/issue-ref.ts';
import { passes } from '../../host/wait.ts';
import { ClientProblem } from './client-problem.ts';
import { isSilence } from './grpc.ts';
import { bounded, type Temporal } from './connection.ts';
import { scanProblem, unfinishedScan } from './scan-progress.ts';

export interface ScanResult {
  /** Number of issues that were started or poked. */
  readonly started: number;
}

const SCAN_TIMEOUT_MS = 60_000;
const LOOK_INTERVAL_MS = 1_000;

/**
 * Throws `ClientProblem`: delayed as soon as GitHub keeps the scan waiting, no-scheduler after a timeout, unknown-issue when
 * GitHub does not show the repository, refused for any other failure.
 */
export async function scanNow(
  temporal: Temporal,
  repository: RepositoryRef,
  signal?: AbortSignal,
): Promise<ScanResult> {
  const handle = await startScan(temporal, repository);
  const decided = new AbortController();
  const over = AbortSignal.any([decided.signal, ...(signal === undefined ? [] : [signal])]);
  const scan = { temporal, repository, handle, over };
  try {
    return await Promise.race([resultOf(scan), watched(scan)]);
  } finally {
    decided.abort();
  }
}

interface RunningScan {
  readonly temporal: Temporal;
  readonly repository: RepositoryRef;
  readonly handle: WorkflowHandleWithFirstExecutionRunId<Scan>;
  readonly over: AbortSignal;
}

/** Ends only with a problem. */
async function watched({ temporal, repository, handle, over }: RunningScan): Promise<never> {
  while (await passes(LOOK_INTERVAL_MS, over)) {
    const problem = scanProblem(
      repository,
      await bounded(temporal, () => handle.describe(), { signal: over }),
      Date.now(),
    );
    if (problem !== undefined) throw problem;
  }
  throw over.reason;
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
      workflowRunTimeout: SCAN_RUN_TIMEOUT,
      staticSummary: `scan of ${repositoryName(repository)}, on request`,
    }),
  );
}

async function resultOf({ temporal, repository, handle, over }: RunningScan): Promise<ScanResult> {
  const asked = async (): Promise<ScanResult | undefined> => {
    try {
      return await handle.result();
    } catch (error) {
      if (isSilence(error)) return undefined;
      throw error instanceof WorkflowFailedError ? failed(error) : error;
    }
  };
  const result = await bounded(temporal, asked, { timeoutMs: SCAN_TIMEOUT_MS, signal: over });
  if (result !== undefined) return result;
  const found = await bounded(temporal, () => handle.describe(), { signal: over });
  throw unfinishedScan(repository, found, SCAN_TIMEOUT_MS);
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
