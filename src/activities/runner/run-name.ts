/** The name of a run on this host: of its workspace and of its account at the model gateway. */
import { Context } from '@temporalio/activity';
import type { IssueRef } from '../../domain/issue-ref.ts';

const EXECUTION_CHARS = 8;

/** Two servers, or one that lost its past, may number runs alike; Temporal's own id of the workflow run tells them apart. */
export function runNameOf(issue: IssueRef, runId: string): string {
  const execution = Context.current().info.workflowExecution?.runId.slice(0, EXECUTION_CHARS) ?? 'alone';
  return `${issue.owner}.${issue.repo}.${issue.number}.${runId}.${execution}`;
}
