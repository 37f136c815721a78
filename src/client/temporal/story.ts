/** Queries the worker for an issue's current view and the audit records that are not archived yet. */
import { QueryNotRegisteredError, WorkflowNotFoundError } from '@temporalio/client';
import { issueWorkflowId, MESSAGES } from '../../contracts/names.ts';
import type { IssueRef } from '../../domain/issue-ref.ts';
import type { IssueStory } from '../../domain/view.ts';
import { GRPC, grpcFacts, isSilence } from './grpc.ts';
import { bounded, type Temporal } from './connection.ts';
import { noScheduler } from './decide.ts';
import { unknownIssue } from './look.ts';

const STORY_TIMEOUT_MS = 5_000;

/** Throws `ClientProblem` no-scheduler when no worker answers in time. */
export async function storyOf(
  temporal: Temporal,
  issue: IssueRef,
  timeoutMs = STORY_TIMEOUT_MS,
): Promise<IssueStory> {
  const handle = temporal.client.workflow.getHandle(issueWorkflowId(issue));
  return await bounded(
    temporal,
    async () => {
      try {
        return await handle.query<IssueStory>(MESSAGES.story);
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) throw unknownIssue(issue);
        throw isWorkerMissing(error) ? noScheduler(timeoutMs) : error;
      }
    },
    { timeoutMs },
  );
}

/** A timeout, or the server's answer that there is no poller. A workflow that never ran has no query handler yet. */
export function isWorkerMissing(error: unknown): boolean {
  if (error instanceof QueryNotRegisteredError) return true;
  return isSilence(error) || grpcFacts(error)?.code === GRPC.failedPrecondition;
}
