/**
 * What arrived on the target branch: the tree of the merge must be a verified one. If another merge was faster, what arrived
 * is verified afterwards.
 */
import { mergedChange, newConcerns, provenCandidate } from './candidate.ts';
import { headStays } from './facts.ts';
import { blockedHold, type HoldStep, releaseOwnerOf } from './hold.ts';
import { candidateStep } from './next-step-candidate.ts';
import type { IssueState } from './state.ts';
import type { Arrival } from './state/publication.ts';
import type { Change } from './state/work.ts';
import type { Step } from './step.ts';

/** Undefined once what arrived is known to be verified, and where the policy leaves that to others. */
export function arrivalStep(state: IssueState): Step | undefined {
  const { merge, arrival } = state;
  const change = mergedChange(state);
  if (merge === undefined || change === undefined || !isArrivalJudged(state, change)) return undefined;
  if (arrival?.commit !== merge.commit)
    return { kind: 'effect', effect: { kind: 'read-arrival', merge: merge.commit } };
  if (isVerifiedTree(state, arrival)) return undefined;
  if (!headStays(state, change)) return oddHold(state, 'the target branch had moved on');
  if (arrival.isConflict === true)
    return oddHold(state, 'our commit and the target branch conflicted, and somebody resolved that');
  return candidateStep(state) ?? judgedHold(state, arrival);
}

/** Not where the policy leaves the target branch to others, nor for changes older than the rule. */
function isArrivalJudged(state: IssueState, change: Change): boolean {
  return headStays(state, change) || state.policy?.merge.upToDate === 'head';
}

/**
 * On its own base, a merge makes exactly the tree of the verified commit; on another one, that of the candidate. Its parent
 * may be none that we know: a rebase makes new commits.
 */
function isVerifiedTree({ change, candidate }: IssueState, { tree }: Arrival): boolean {
  const isProven = candidate?.head === change?.commit && candidate?.evidence !== undefined;
  return tree === change?.tree || (isProven && candidate.isLate !== true && tree === candidate.tree);
}

function judgedHold(state: IssueState, arrival: Arrival): HoldStep | undefined {
  const candidate = provenCandidate(state);
  if (candidate?.tree !== arrival.tree)
    return oddHold(state, 'it is not what git makes of our commit and the target branch');
  const concerns = newConcerns(state);
  // What was verified before the merge, people could read before they decided.
  if (concerns.length === 0 || candidate.isLate !== true) return undefined;
  const { hold, kind } = oddHold(
    state,
    `it was merged into ${arrival.base.slice(0, 12)}, on which it was not verified before: ${concerns[0] ?? ''}`,
  );
  return { kind, hold: { ...hold, why: [...hold.why, ...concerns.slice(1)] } };
}

function oddHold(state: IssueState, what: string): HoldStep {
  return blockedHold(state, {
    reason: `the merge brought another tree than the verified one: ${what}`,
    fix: 'verify the release by hand, then /verify-release; or revert the merge',
    who: releaseOwnerOf(state),
  });
}
