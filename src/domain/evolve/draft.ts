/** Our own draft: opened, read, and marked as ready for review by us or by a person. */
import { rule } from '../actor.ts';
import { withDue } from '../due.ts';
import { omit } from '../omit.ts';
import type { IssueState } from '../state.ts';
import { type FactOf, type Reduced, refuse } from './result.ts';

/** Only what we opened ourselves is ours to mark as ready. */
export function withDraftOpened(
  state: IssueState,
  { pullRequest, draft }: FactOf<'pull-request-opened'>,
): IssueState {
  if (draft === 'refused') return { ...state, draftRefused: true };
  return draft === 'opened' && pullRequest.draft ? { ...state, ownDraft: 'kept' } : state;
}

/**
 * Once it is shown as ready, a later draft is the wish of a person. A look that began before we marked it is doubted once,
 * and the pull request is read again.
 */
export function withDraftRead(state: IssueState): IssueState {
  const { pullRequest, ownDraft } = state;
  if (pullRequest === undefined || ownDraft === undefined) return state;
  if (!pullRequest.draft) return omit(state, 'ownDraft');
  if (ownDraft === 'kept') return state;
  const doubted = { ...omit(state, 'ownDraft'), pullRequest: { ...pullRequest, draft: false } };
  return withDue(doubted, ['pull-request']);
}

export function onMarkedReady(state: IssueState, { head }: FactOf<'marked-ready'>): Reduced {
  const { pullRequest } = state;
  if (pullRequest === undefined) return refuse('there is no pull request');
  return {
    state: { ...state, pullRequest: { ...pullRequest, draft: false }, ownDraft: 'ended' },
    note: {
      cause: `pull request #${pullRequest.number} was marked as ready for review`,
      actor: rule('lifecycle'),
      digests: { head },
    },
  };
}
