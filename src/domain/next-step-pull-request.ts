/** Holds for a pull request that people changed: closed or retargeted. */
import { blockedHold, type HoldStep } from './hold.ts';
import type { IssueState } from './state.ts';
import { targetBranch } from './target.ts';

export function pullRequestHold(state: IssueState): HoldStep | undefined {
  const { pullRequest, repository } = state;
  if (pullRequest === undefined || pullRequest.merged !== null || repository === undefined) return undefined;
  const name = `pull request #${pullRequest.number}`;
  if (pullRequest.state === 'closed')
    return blockedHold(state, {
      reason: `${name} was closed without a merge`,
      fix: 'reopen it, or /cancel',
    });
  const target = targetBranch(state) ?? repository.defaultBranch;
  if (pullRequest.base !== target && pullRequest.base !== state.retargetFrom) {
    return blockedHold(state, {
      reason: `the base branch of ${name} was changed to ${pullRequest.base}`,
      fix: `change it back to ${target}, or /cancel`,
    });
  }
  return undefined;
}
