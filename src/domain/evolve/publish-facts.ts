/** Facts of publishing: pushed, opened, merged. Each must be of the commit that was verified. */
import { rule } from '../actor.ts';
import { withDue } from '../due.ts';
import type { IssueState } from '../state.ts';
import { type FactOf, type Reduced, refuse } from './result.ts';

const SCHEDULER = rule('lifecycle');

export function onPushed(state: IssueState, { commit }: FactOf<'pushed'>): Reduced {
  if (commit !== state.change?.commit) return refuse(`${commit} was pushed, which is not the change`);
  const { pushed: pushedBefore, pullRequest } = state;
  const next: IssueState = {
    ...state,
    pushed: commit,
    ...(pushedBefore === undefined ? {} : { pushedBefore }),
    ...(pullRequest === undefined ? {} : { pullRequest: { ...pullRequest, head: commit } }),
  };
  return {
    state: pullRequest === undefined ? next : withDue(next, ['pull-request']),
    note: { cause: 'the verified commit was pushed', actor: SCHEDULER, digests: { commit } },
  };
}

/** One pull request per generation. One that is not as we would leave it is looked at before anything is said of it. */
export function onPullRequestOpened(state: IssueState, event: FactOf<'pull-request-opened'>): Reduced {
  const { pullRequest } = event;
  const known = state.pullRequest;
  if (known !== undefined && known.number !== pullRequest.number)
    return refuse(`#${pullRequest.number}, but the pull request of this generation is #${known.number}`);
  const described = state.change === undefined ? {} : { described: state.change.commit };
  const next: IssueState = { ...state, pullRequest, ...described };
  const asLeft = pullRequest.state === 'open' && pullRequest.head === state.pushed;
  const cause = known === undefined ? 'opened' : 'describes the new commit';
  return {
    state: asLeft ? next : withDue(next, ['pull-request']),
    note: {
      cause: `pull request #${pullRequest.number} ${cause}`,
      actor: SCHEDULER,
      digests: { head: pullRequest.head },
    },
  };
}

export function onMerged(state: IssueState, { commit, head }: FactOf<'merged'>): Reduced {
  if (state.merge !== undefined) return refuse('it is merged already');
  const { mergeSent } = state;
  if (mergeSent?.head !== head) return refuse(`merged with ${head}, which was not asked for`);
  const { by } = mergeSent;
  return {
    state: { ...state, merge: { commit, head, by, at: state.at } },
    note: {
      cause: 'merged with the approved head',
      actor: by,
      judgement: 'engineering',
      digests: { merge: commit, head },
    },
  };
}
