/** The name of a run on this host. It names the workspace and the account at the model gateway. */
import { Context } from '@temporalio/activity';
import type { IssueRef } from '../../domain/issue-ref.ts';

const EXECUTION_CHARS = 8;

/** Includes Temporal's run id: two Temporal servers, or one that lost its data, may give runs the same number. */
export function runNameOf(issue: IssueRef, runId: string): string {
  const execution = Context.current().info.workflowExecution?.runId.slice(0, EXECUTION_CHARS) ?? 'alone';
  return `${issue.owner}.${issue.repo}.${issue.number}.${runId}.${execution}`;
}
