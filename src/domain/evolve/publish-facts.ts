/** Facts of publishing: pushed, opened, merged. Each must refer to the verified commit. */
import { rule } from '../actor.ts';
import { withDue } from '../due.ts';
import { omit } from '../omit.ts';
import type { IssueState } from '../state.ts';
import { targetBranch } from '../target.ts';
import { withPushed } from './adoption.ts';
import { withChecksDue } from './checks.ts';
import { withDraftOpened, withDraftRead } from './draft.ts';
import { type FactOf, type Reduced, refuse } from './result.ts';

const SCHEDULER = rule('lifecycle');

export function onPushed(state: IssueState, { commit }: FactOf<'pushed'>): Reduced {
  if (commit !== state.change?.commit)
    return refuse(`${commit} was pushed, but it is not the current change`);
  const { pullRequest } = state;
  const next: IssueState = {
    ...withPushed(state, commit),
    ...(pullRequest === undefined ? {} : { pullRequest: { ...pullRequest, head: commit } }),
  };
  return {
    state: pullRequest === undefined ? next : withDue(next, ['pull-request']),
    note: { cause: 'the verified commit was pushed', actor: SCHEDULER, digests: { commit } },
  };
}

export function onEvidencePublished(state: IssueState, { digest }: FactOf<'evidence-published'>): Reduced {
  return {
    state: { ...state, evidencePublished: digest },
    note: {
      cause: 'the evidence was published on the commit',
      actor: SCHEDULER,
      digests: { evidence: digest },
    },
  };
}

/** One pull request per generation. If it is not as the scheduler left it, it is read before anything else happens. */
export function onPullRequestOpened(state: IssueState, event: FactOf<'pull-request-opened'>): Reduced {
  const { pullRequest } = event;
  const known = state.pullRequest;
  if (known !== undefined && known.number !== pullRequest.number)
    return refuse(
      `it is #${pullRequest.number}, but the pull request of this generation is #${known.number}`,
    );
  const described = state.change === undefined ? {} : { described: state.change.commit };
  const { unresolvedThreads } = known ?? {};
  const kept = unresolvedThreads === undefined ? pullRequest : { unresolvedThreads, ...pullRequest };
  const drafted = known === undefined ? withDraftOpened(state, event) : state;
  const next = withDraftRead({ ...withBase(drafted, pullRequest.base), pullRequest: kept, ...described });
  const asLeft = pullRequest.state === 'open' && pullRequest.head === state.pushed;
  const cause = known === undefined ? 'opened' : 'describes the new commit';
  return {
    state: withChecksDue(asLeft ? next : withDue(next, ['pull-request'])),
    note: {
      cause: `pull request #${pullRequest.number} ${cause}`,
      actor: SCHEDULER,
      digests: { head: pullRequest.head },
    },
  };
}

/** Nothing is left to change once the pull request has the new target as its base. */
function withBase(state: IssueState, base: string): IssueState {
  const target = targetBranch(state) ?? state.repository?.defaultBranch;
  return base === target ? omit(state, 'retargetFrom') : state;
}

export function onMerged(state: IssueState, { commit, head }: FactOf<'merged'>): Reduced {
  if (state.merge !== undefined) return refuse('the change is already merged');
  const { mergeSent } = state;
  if (mergeSent?.head !== head) return refuse(`merged with head ${head}, which was not requested`);
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
