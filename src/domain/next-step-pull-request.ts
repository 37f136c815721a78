/** The pull request as people left it: closed, retargeted or with commits of others, it is theirs until they say more. */
import { actorName } from './actor.ts';
import { approvalFor } from './gate.ts';
import { blockedHold, type HoldStep } from './hold.ts';
import type { IssueState } from './state.ts';

export function pullRequestHold(state: IssueState): HoldStep | undefined {
  const { pullRequest, repository } = state;
  if (pullRequest === undefined || pullRequest.merged !== null || repository === undefined) return undefined;
  const name = `pull request #${pullRequest.number}`;
  if (pullRequest.state === 'closed')
    return blockedHold(state, {
      reason: `${name} was closed without a merge`,
      mend: 'reopen it, or /cancel',
    });
  if (pullRequest.base !== repository.defaultBranch) {
    return blockedHold(state, {
      reason: `${name} was pointed at ${pullRequest.base}`,
      mend: `point it back at ${repository.defaultBranch}, or /cancel`,
    });
  }
  if (headIsOurs(state, pullRequest.head)) return undefined;
  return blockedHold(state, {
    reason: `the branch has commits that were not verified (${pullRequest.head.slice(0, 12)})${approvalLost(state)}`,
    mend: 'take them off the branch, or go on by hand and /cancel',
  });
}

/** Whoever approved is told that a push came after it. */
function approvalLost(state: IssueState): string {
  const approval = approvalFor(state, 'merge');
  if (approval === undefined || state.pushed === undefined) return '';
  return `; the approval of ${actorName(approval.by)} is for ${state.pushed.slice(0, 12)} only`;
}

/** Pushed, being pushed just now, or what a look still showed of the time before the push. */
function headIsOurs(state: IssueState, head: string): boolean {
  const { pushed, pushedBefore, pushSent, sent, due } = state;
  if (head === pushed) return true;
  if (sent?.kind === 'push-commit' && head === sent.commit) return true;
  return (head === pushedBefore || head === pushSent) && due['pull-request'] !== undefined;
}
