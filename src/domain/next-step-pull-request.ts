/** Holds for a pull request that people changed: closed, retargeted, or with commits by others. */
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
      fix: 'reopen it, or /cancel',
    });
  if (pullRequest.base !== repository.defaultBranch) {
    return blockedHold(state, {
      reason: `the base branch of ${name} was changed to ${pullRequest.base}`,
      fix: `change it back to ${repository.defaultBranch}, or /cancel`,
    });
  }
  if (headIsOurs(state, pullRequest.head)) return undefined;
  return blockedHold(state, {
    reason: `the branch has commits that were not verified (${pullRequest.head.slice(0, 12)})${approvalLost(state)}`,
    fix: 'remove them from the branch, or /cancel and continue by hand',
  });
}

/** Tells the approver that the approval does not cover the later push. */
function approvalLost(state: IssueState): string {
  const approval = approvalFor(state, 'merge');
  if (approval === undefined || state.pushed === undefined) return '';
  return `; the approval by ${actorName(approval.by)} covers only ${state.pushed.slice(0, 12)}`;
}

/** The head is pushed, is being pushed, or comes from a look before the push was visible. */
function headIsOurs(state: IssueState, head: string): boolean {
  const { pushed, pushedBefore, pushSent, sent, due } = state;
  if (head === pushed) return true;
  if (sent?.kind === 'push-commit' && head === sent.commit) return true;
  return (head === pushedBefore || head === pushSent) && due['pull-request'] !== undefined;
}
