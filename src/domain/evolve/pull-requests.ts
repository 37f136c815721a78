/** The pull request as a look found it: merged on GitHub, or with reviews to judge. */
import type { ObservedPullRequest } from '../observation.ts';
import { omit } from '../omit.ts';
import type { IssueState } from '../state.ts';
import { withHeadRead, withPushed } from './adoption.ts';
import { withDraftRead } from './draft.ts';
import { onHandOverRead } from './hand-over.ts';
import { isMergedByPerson, type MergedOnGitHub, type Merger, mergerOf } from './merged-by.ts';
import { chain, type Noted } from './result.ts';
import { onReviews } from './reviews.ts';
import { withTargetDue } from './target.ts';

export function onPullRequest(state: IssueState, found: ObservedPullRequest | null | undefined): Noted {
  if (!found || state.merge !== undefined || found.number !== state.pullRequest?.number) return { state };
  const next = withTargetDue(
    state,
    withPush(withDraftRead({ ...state, pullRequest: withForeignKept(state, found) }), found.head),
  );
  const { merged, reviews } = found;
  if (merged === null)
    return chain(
      chain(withHeadRead(next), read => onHandOverRead(read, found)),
      read => onReviews(read, reviews),
    );
  // A bot merges at once: the same look may bring the approval that it carried out.
  const isJudged = isOurs(next, found) || isMergedByPerson(merged);
  // Who reviews it afterwards did not approve the merge.
  const before = reviews.filter(({ submittedAt = 0 }) => submittedAt <= (merged.at ?? Infinity));
  const judged = isJudged ? { state: next } : onReviews(next, before);
  return chain(judged, s => onMergedOnGitHub(s, found, merged));
}

/** The commits of a head are read once. */
function withForeignKept({ pullRequest }: IssueState, found: ObservedPullRequest): ObservedPullRequest {
  const foreign = pullRequest?.foreign;
  return found.foreign !== undefined || foreign?.head !== found.head ? found : { ...found, foreign };
}

/** Recognises a push whose result never arrived by the head of the pull request. */
function withPush(state: IssueState, head: string): IssueState {
  const { pushed, pushSent, sent } = state;
  if (head !== pushSent || head === pushed || sent?.kind === 'push-commit') return state;
  return withPushed(state, head);
}

function isOurs({ mergeSent }: IssueState, { head }: ObservedPullRequest): boolean {
  return mergeSent?.head === head;
}

/** Merged by our own merge whose result never arrived, or by someone else. A block of the merge no longer matters. */
function onMergedOnGitHub(state: IssueState, found: ObservedPullRequest, merged: MergedOnGitHub): Noted {
  const { head } = found;
  const { mergeSent } = state;
  const { cause, by, through }: Merger =
    mergeSent !== undefined && isOurs(state, found)
      ? { by: mergeSent.by, cause: 'merged with the approved head' }
      : mergerOf(state, head, merged);
  const rest = state.upkeepStopped ? state : omit(state, 'blocked');
  const merge = { commit: merged.commit, head, by, at: state.at };
  return {
    state: { ...rest, merge: { ...merge, ...(through === undefined ? {} : { through }) } },
    note: {
      cause,
      actor: by,
      ...(by.kind === 'person' ? { judgement: 'engineering' as const } : {}),
      digests: { merge: merged.commit, head },
    },
  };
}
