/** A draft becomes ready for review, or the other way round; each returns why it refuses. */
import type { PullIssue } from '../render/pull.ts';
import { nowIn, type Act } from './act.ts';
import { emitIssue } from './issues.ts';

export function markReady(act: Act, issue: PullIssue): string | undefined {
  if (issue.state === 'closed') return 'Pull request is closed';
  if (!issue.pull.draft) return 'Pull request is not a draft';
  issue.pull.draft = false;
  issue.updatedAt = nowIn(act);
  emitIssue(act, issue, { action: 'ready_for_review' });
  return undefined;
}

export function convertToDraft(act: Act, issue: PullIssue): void {
  issue.pull.draft = true;
  issue.updatedAt = nowIn(act);
  emitIssue(act, issue, { action: 'converted_to_draft' });
}
