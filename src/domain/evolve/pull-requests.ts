/** The pull request as a look found it: merged on GitHub, or with reviews to judge. */
import type { Actor } from '../actor.ts';
import type { ObservedPullRequest } from '../observation.ts';
import { omit } from '../omit.ts';
import type { IssueState } from '../state.ts';
import type { Noted } from './result.ts';
import { onReviews } from './reviews.ts';

export function onPullRequest(state: IssueState, found: ObservedPullRequest | null | undefined): Noted {
  if (!found || state.merge !== undefined || found.number !== state.pullRequest?.number) return { state };
  const next = withPush({ ...state, pullRequest: found }, found.head);
  if (found.merged !== null) return onMergedOnGitHub(next, found, found.merged);
  return onReviews(next, found.reviews);
}

/** Recognises a push whose result never arrived by the head of the pull request. */
function withPush(state: IssueState, head: string): IssueState {
  const { pushed, pushSent, sent } = state;
  if (head !== pushSent || head === pushed || sent?.kind === 'push-commit') return state;
  return { ...state, pushed: head, ...(pushed === undefined ? {} : { pushedBefore: pushed }) };
}

/** Merged by a person, or by our own merge whose result never arrived. A block of the merge no longer matters. */
function onMergedOnGitHub(
  state: IssueState,
  { head }: ObservedPullRequest,
  merged: { readonly commit: string; readonly by: string },
): Noted {
  const { mergeSent } = state;
  const isOurs = mergeSent?.head === head;
  const by: Actor = isOurs ? mergeSent.by : { kind: 'person', login: merged.by, how: 'github-act' };
  const rest = state.upkeepStopped ? state : omit(state, 'blocked');
  return {
    state: { ...rest, merge: { commit: merged.commit, head, by, at: state.at } },
    note: {
      cause: isOurs ? 'merged with the approved head' : `merged by ${merged.by}`,
      actor: by,
      judgement: 'engineering',
      digests: { merge: merged.commit, head },
    },
  };
}
