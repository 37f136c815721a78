/** Takes a pull request out of the merge queue. */
import type { PullIssue } from '../render/pull.ts';
import type { Act } from './act.ts';
import { emitIssue } from './issues.ts';

/** `reason`: as in the event `RemovedFromMergeQueueEvent`. */
export function dequeue(act: Act, issue: PullIssue, reason: string): string | undefined {
  if (issue.pull.queued === undefined) return 'Pull request is not in the queue';
  delete issue.pull.queued;
  issue.pull.takenOut = reason;
  emitIssue(act, issue, { action: 'dequeued', reason });
  return undefined;
}
