/** The whole story of an issue from its worker: the view as it is this moment, and the audit records not archived yet. */
import { QueryNotRegisteredError, WorkflowNotFoundError } from '@temporalio/client';
import { issueWorkflowId, MESSAGES } from '../../contracts/names.ts';
import type { IssueRef } from '../../domain/issue-ref.ts';
import type { IssueStory } from '../../domain/view.ts';
import { GRPC, grpcFacts } from './client-problem.ts';
import { bounded, type Temporal } from './connection.ts';
import { noScheduler } from './decide.ts';
import { unknownIssue } from './look.ts';

const STORY_TIMEOUT_MS = 5_000;

/** Needs a worker; throws `ClientProblem` no-scheduler when none answers in time. */
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

/** `cancelled`: the server gave up on a worker that died with the question. */
const NO_WORKER: readonly number[] = [GRPC.cancelled, GRPC.deadlineExceeded, GRPC.failedPrecondition];

/** Silence, or the server's own word that nobody polls; a workflow that never ran knows no query yet. */
function isWorkerMissing(error: unknown): boolean {
  if (error instanceof QueryNotRegisteredError) return true;
  const code = grpcFacts(error)?.code;
  return code !== undefined && NO_WORKER.includes(code);
}
