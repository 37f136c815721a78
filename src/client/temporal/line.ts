/** Joins and reads the line of merges of a repository. */
import { type WorkflowStartOptions } from '@temporalio/client';
import type { MergeLines } from '../../contracts/merge-lines.ts';
import type { LineInput } from '../../contracts/messages.ts';
import { LINE_MESSAGES, LINE_WORKFLOW, lineWorkflowId, SCHEDULER_QUEUE } from '../../contracts/names.ts';
import { type RepositoryRef, repositoryName } from '../../domain/issue-ref.ts';
import type { JoinRequest } from '../../domain/line/state.ts';
import { bounded, type Temporal, type Using } from './connection.ts';

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
