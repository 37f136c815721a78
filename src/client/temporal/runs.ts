/** Reads all runs of an issue and their transcripts from the workflow's history, without a worker. */
import { WorkflowNotFoundError } from '@temporalio/client';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import type { IssueInput } from '../../contracts/messages.ts';
import { issueWorkflowId } from '../../contracts/names.ts';
import type { IssueRef } from '../../domain/issue-ref.ts';
import type { RunEnd } from '../../domain/state/work.ts';
import { bounded, type Temporal } from './connection.ts';
import { unknownIssue } from './look.ts';

export interface RunEnding {
  readonly runId: string;
  readonly end: RunEnd;
}

const HISTORY_TIMEOUT_MS = 30_000;

/** Oldest first. Throws `ClientProblem` when the issue has no workflow. */
export async function endedRuns(temporal: Temporal, issue: IssueRef): Promise<readonly RunEnding[]> {
  const handle = temporal.client.workflow.getHandle(issueWorkflowId(issue));
  const history = await bounded(temporal, () => handle.fetchHistory(), {
    timeoutMs: HISTORY_TIMEOUT_MS,
  }).catch((error: unknown) => {
    throw error instanceof WorkflowNotFoundError ? unknownIssue(issue) : error;
  });
  const runs = new Map<string, RunEnd>();
  for (const event of history.events ?? []) {
    const {
      workflowExecutionStartedEventAttributes: started,
      activityTaskCompletedEventAttributes: completed,
    } = event;
    for (const run of carriedOver(started?.input?.payloads)) runs.set(run.runId, run.end);
    for (const value of decoded(completed?.result?.payloads))
      if (isRunEnd(value)) runs.set(value.runId, value.end);
  }
  return Array.from(runs, ([runId, end]) => ({ runId, end }));
}

/** Runs before a continue-as-new are in the state that it passed on. */
function carriedOver(payloads: readonly Payload[] | null | undefined): readonly RunEnding[] {
  const [input] = decoded(payloads);
  const { state } = typeof input === 'object' && input !== null ? (input as Partial<IssueInput>) : {};
  return (state?.runs ?? []).flatMap(({ runId, end }) => (end === undefined ? [] : [{ runId, end }]));
}

/** The activity `runAgent` returns this fact. */
function isRunEnd(value: unknown): value is RunEnding {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'run-ended';
}

function decoded(payloads: readonly Payload[] | null | undefined): readonly unknown[] {
  return (payloads ?? []).map(payload => defaultPayloadConverter.fromPayload<unknown>(payload));
}
