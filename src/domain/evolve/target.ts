/** What happens to the target branch: found again, deleted, or changed by a person's decision. */
import type { Observation } from '../observation.ts';
import { omit } from '../omit.ts';
import type { IssueState } from '../state.ts';
import type { Claim } from '../state/work.ts';
import { targetBranch, targetChange, targetHead } from '../target.ts';
import type { Noted } from './result.ts';

/** A missing branch was looked for. If it is there, the policy is read with it before anything else. */
export function onTarget(state: IssueState, found: Observation['target']): Noted {
  const { repository } = state;
  const known = repository?.target;
  if (repository === undefined || known?.isMissing !== true || known.branch !== found?.branch)
    return { state };
  if (found.head === null) return { state: { ...state, targetSoughtAt: state.at } };
  const target = { branch: found.branch, head: found.head };
  return {
    state: { ...omit(state, 'targetSoughtAt'), repository: { ...repository, target }, policyDue: true },
    note: {
      cause: `the target branch ${found.branch} was found`,
      actor: { kind: 'outside', what: 'GitHub' },
      digests: { base: found.head },
    },
  };
}

/** GitHub closes the pull requests into a branch that is deleted. */
export function withTargetDue(before: IssueState, state: IssueState): IssueState {
  const [was, is] = [before.pullRequest, state.pullRequest];
  const isClosed = was?.state === 'open' && is?.state === 'closed' && is.merged === null;
  return isClosed && targetBranch(state) !== undefined ? { ...state, policyDue: true } : state;
}

/** A retry after the target was changed: the claim is for the new branch. Its head is read with the policy. */
export function withTargetChanged(state: IssueState): IssueState {
  const change = targetChange(state);
  if (change === undefined || state.merge !== undefined) return state;
  const { claim, claimSent, pullRequest, repository } = state;
  const old = change.from ?? repository?.defaultBranch;
  return {
    // The same commit may count there, but its evidence says where it goes.
    ...omit(state, 'evidence', 'candidate'),
    ...(claim === undefined ? {} : { claim: claimInto(claim, change.to) }),
    ...(claimSent === undefined ? {} : { claimSent: claimInto(claimSent, change.to) }),
    runBaseDue: true,
    ...(old !== undefined && pullRequest?.base === old ? { retargetFrom: old } : {}),
  };
}

function claimInto({ branch, base }: Claim, into: string | undefined): Claim {
  return { branch, base, ...(into === undefined ? {} : { into }) };
}

/** After the new target was read, new runs start from its head. */
export function withNewRunBase(state: IssueState): IssueState {
  const { repository, runBaseDue } = state;
  if (runBaseDue !== true || repository === undefined || repository.target?.isMissing === true) return state;
  const head = targetHead(repository);
  if (head === undefined || repository.target?.branch !== targetBranch(state)) return state;
  return { ...omit(state, 'runBaseDue'), runBase: head };
}
