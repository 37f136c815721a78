/**
 * A pull request that is a draft until the required checks of CI have passed: people are asked for a change that CI has
 * accepted. Pure.
 */
import { asksForChecks } from './checks.ts';
import type { IssueState } from './state.ts';
import type { Change } from './state/work.ts';
import type { Step } from './step.ts';

/** Where nothing can be required, it would be marked as ready at once. */
export function isDraftWanted(state: IssueState): boolean {
  return state.policy?.pullRequest?.draft === true && asksForChecks(state);
}

/** Whether it is a draft because we opened it as one. */
export function isOwnDraft({ pullRequest, ownDraft }: Pick<IssueState, 'pullRequest' | 'ownDraft'>): boolean {
  return pullRequest?.draft === true && ownDraft === 'kept';
}

/** Also when the policy does not want drafts any more: this one is ours to end. */
export function readyStep(state: IssueState, { commit }: Change): Step | undefined {
  const { pullRequest } = state;
  if (pullRequest === undefined || !isOwnDraft(state)) return undefined;
  return { kind: 'effect', effect: { kind: 'mark-ready', number: pullRequest.number, head: commit } };
}

/** For people, after the name of the pull request; empty if there is nothing to say. */
export function draftText(state: IssueState): string {
  if (isOwnDraft(state)) return ', a draft until the required checks have passed';
  return state.draftRefused === true ? ', not opened as a draft: the repository has no drafts' : '';
}
