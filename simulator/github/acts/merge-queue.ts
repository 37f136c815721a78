/**
 * The merge queue and auto-merge. Both keep a pull request until a test lets them merge it or give it back; each returns why
 * it refuses, in GitHub's words.
 */
import type { MergeMethod } from '../git/merge.ts';
import type { PullIssue } from '../render/pull.ts';
import { accountOf, protectionsOf } from '../world.ts';
import { nowIn, type Act } from './act.ts';
import { emitIssue } from './issues.ts';
import { mergePull, type MergeOutcome } from './merging.ts';
import { mergeRefusal } from './pulls.ts';

export function enqueue(act: Act, issue: PullIssue, head: string): string | undefined {
  const { pull } = issue;
  const isQueued = protectionsOf(act.repository, pull.baseRef).some(({ mergeQueue }) => mergeQueue === true);
  if (!isQueued) return `No merge queue found for branch '${pull.baseRef}'`;
  if (pull.queued !== undefined) return 'Pull request is already in the queue';
  const refusal = early(issue, head) ?? mergeRefusal(act, issue);
  if (refusal !== undefined) return refusal;
  const others = [...act.repository.issues.values()].filter(other => other.pull?.queued !== undefined);
  pull.queued = { actor: act.actor, position: others.length + 1 };
  emitIssue(act, issue, { action: 'enqueued' });
  return undefined;
}

export interface AutoMergeRequest {
  readonly head: string;
  readonly method: MergeMethod;
  readonly title?: string;
  readonly message?: string;
}

export function enableAutoMerge(act: Act, issue: PullIssue, request: AutoMergeRequest): string | undefined {
  const { repository } = act;
  if (!repository.allowAutoMerge) return 'Auto merge is not allowed for this repository';
  if (protectionsOf(repository, issue.pull.baseRef).length === 0)
    return 'Pull request Protected branch rules not configured for this branch';
  const refusal = early(issue, request.head);
  if (refusal !== undefined) return refusal;
  if (mergeRefusal(act, issue) === undefined) return 'Pull request Pull request is in clean status';
  issue.pull.autoMerge = { actor: act.actor, enabledAt: nowIn(act), ...request };
  emitIssue(act, issue, { action: 'auto_merge_enabled' });
  return undefined;
}

export function disableAutoMerge(act: Act, issue: PullIssue, reason: string): string | undefined {
  if (issue.pull.autoMerge === undefined) return "Can't disable auto-merge for this pull request";
  delete issue.pull.autoMerge;
  issue.pull.takenOut = reason;
  emitIssue(act, issue, { action: 'auto_merge_disabled', reason });
  return undefined;
}

function early({ state, pull }: PullIssue, head: string): string | undefined {
  if (state === 'closed') return 'Pull request is closed';
  if (pull.draft) return 'Pull request is a draft';
  return pull.headSha === head ? undefined : 'Head branch was modified. Review and try the merge again.';
}

/** What GitHub does when its checks have passed: the queue merges as its own account, auto-merge as who enabled it. */
export async function mergeHandedOver(act: Act, issue: PullIssue): Promise<MergeOutcome> {
  const { queued, autoMerge } = issue.pull;
  if (queued === undefined && autoMerge === undefined)
    return { kind: 'refused', message: 'nobody handed the pull request over' };
  const actor = autoMerge?.actor ?? accountOf(act.world, 'github-merge-queue[bot]', 'Bot');
  const { method = 'merge', title, message } = autoMerge ?? {};
  const words = { ...(title === undefined ? {} : { title }), ...(message === undefined ? {} : { message }) };
  const outcome = await mergePull({ ...act, actor }, issue, {
    method,
    byQueue: queued !== undefined,
    ...words,
  });
  if (outcome.kind !== 'merged') return outcome;
  delete issue.pull.queued;
  delete issue.pull.autoMerge;
  return outcome;
}
