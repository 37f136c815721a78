/** Before the merge gate: a hold for what GitHub would refuse at the merge. */
import { checksPolledAt } from './checks.ts';
import { isOwnDraft } from './draft.ts';
import { blockedHold, type HoldStep } from './hold.ts';
import { mergeObstacle, rulesNow } from './merge-obstacle.ts';
import type { IssueState } from './state.ts';

/** A draft that a person made stays one. */
export function draftHold(state: IssueState): HoldStep | undefined {
  const { pullRequest } = state;
  if (pullRequest?.draft !== true || isOwnDraft(state)) return undefined;
  const reason = `pull request #${pullRequest.number} is a draft`;
  return blockedHold(state, { reason, fix: 'mark it as ready for review, or /cancel' });
}

/** Rules are read again with the checks: the hold ends when they have changed, without a word of anybody. */
export function obstacleHold(state: IssueState): HoldStep | undefined {
  const obstacle = mergeObstacle(state);
  if (obstacle === undefined) return undefined;
  const { what: reason, fix, endsAlone } = obstacle;
  const held = blockedHold(state, { reason, fix: endsAlone === true ? fix : `${fix}, then /retry` });
  return rulesNow(state) === undefined ? held : { ...held, until: checksPolledAt(state) };
}
