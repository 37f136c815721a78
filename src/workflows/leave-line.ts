/** Gives up places in the line of merges. Bundled for the workflow sandbox: imports contracts and domain only. */
import { getExternalWorkflowHandle } from '@temporalio/workflow';
import type { LeaveLine } from '../contracts/messages.ts';
import { LINE_MESSAGES, lineWorkflowId } from '../contracts/names.ts';
import type { EventBody } from '../domain/event.ts';
import type { IssueRef } from '../domain/issue-ref.ts';

/** Where there is no line any more, there is no place either. */
export async function leaveLine(issue: IssueRef, ids: readonly string[]): Promise<EventBody> {
  const args: [LeaveLine] = [{ issue: issue.number, ids }];
  await getExternalWorkflowHandle(lineWorkflowId(issue))
    .signal(LINE_MESSAGES.leave, ...args)
    .catch(() => undefined);
  return { type: 'line-left', ids };
}
