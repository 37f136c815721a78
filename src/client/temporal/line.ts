/** Joins and reads the line of merges of a repository. */
import { WorkflowNotFoundError, type WorkflowStartOptions } from '@temporalio/client';
import type { MergeLines } from '../../contracts/merge-lines.ts';
import type { LineInput } from '../../contracts/messages.ts';
import { LINE_MESSAGES, LINE_WORKFLOW, lineWorkflowId, SCHEDULER_QUEUE } from '../../contracts/names.ts';
import { type RepositoryRef, repositoryName } from '../../domain/issue-ref.ts';
import { beginLine, type JoinRequest } from '../../domain/line/state.ts';
import { lineView, type LineView } from '../../domain/line/view.ts';
import { bounded, type Temporal, type Using } from './connection.ts';
import { noScheduler } from './decide.ts';
import { isWorkerMissing } from './story.ts';

const QUERY_TIMEOUT_MS = 5_000;

/** Empty if no line runs, because nobody waits. Throws `ClientProblem` no-scheduler when no worker answers in time. */
export async function readLine(
  temporal: Temporal,
  repository: RepositoryRef,
  timeoutMs = QUERY_TIMEOUT_MS,
): Promise<LineView> {
  const handle = temporal.client.workflow.getHandle(lineWorkflowId(repository));
  const ask = async (): Promise<LineView> => {
    // A line that was terminated would still answer with those who waited then.
    const { status } = await handle.describe();
    return status.name === 'RUNNING' ? await handle.query<LineView>(LINE_MESSAGES.line) : nobody(repository);
  };
  return await bounded(
    temporal,
    () => ask().catch((error: unknown) => problemOf(error, repository, timeoutMs)),
    {
      timeoutMs,
    },
  );
}

function problemOf(error: unknown, repository: RepositoryRef, timeoutMs: number): LineView {
  if (error instanceof WorkflowNotFoundError) return nobody(repository);
  throw isWorkerMissing(error) ? noScheduler(timeoutMs) : error;
}

function nobody(repository: RepositoryRef): LineView {
  return lineView(beginLine(repository, 0));
}

type LineWorkflow = (input: LineInput) => Promise<void>;

export function mergeLines(using: Using): MergeLines {
  return { join: (repository, request) => using(temporal => joinLine(temporal, repository, request)) };
}

/** Once it resolves, the request is durable even without a worker. */
async function joinLine(temporal: Temporal, repository: RepositoryRef, request: JoinRequest): Promise<void> {
  const signalArgs: [JoinRequest] = [request];
  await bounded(temporal, () =>
    temporal.client.workflow.signalWithStart(LINE_WORKFLOW, {
      ...startOptions(repository),
      signal: LINE_MESSAGES.join,
      signalArgs,
    }),
  );
}

function startOptions(repository: RepositoryRef) {
  const name = repositoryName(repository);
  return {
    workflowId: lineWorkflowId(repository),
    taskQueue: SCHEDULER_QUEUE,
    args: [{ repository }],
    staticSummary: name,
    staticDetails: `The line of merges of ${name}: approved changes are merged one at a time. It ends when nobody waits, and starts again by itself.`,
  } satisfies WorkflowStartOptions<LineWorkflow>;
}
