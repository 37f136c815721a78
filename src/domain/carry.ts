/**
 * An approval is carried over when only the ground below it moved: the patch that the person saw is the same, what would be
 * merged is verified, its evidence says nothing new, and the policy allows it for the risk.
 */
import { boundTo } from './bound-to.ts';
import type { Bound, BoundName } from './bound.ts';
import { currentCandidate, provenCandidate } from './candidate.ts';
import type { Gate } from './decision.ts';
import { type Digest, digestOf } from './digest.ts';
import { currentChange, currentEvidence, riskOf } from './facts.ts';
import { approvalDigest, approvalFor } from './gate.ts';
import { isAtMost, type RiskBar } from './risk.ts';
import type { IssueState } from './state.ts';
import type { Approval } from './state/people.ts';
import type { Evidence } from './state/work.ts';

const BAR: RiskBar = 'medium';

/** What may differ between what was approved and what is. The head: only if it is the same work on another base. */
const MAY_DIFFER: readonly BoundName[] = ['base', 'head', 'evidence'];

/** An approval for exactly what the gate shows now, by this person. */
export function approvalNow(
  state: IssueState,
  gate: Gate,
  given: Pick<Approval, 'by' | 'at' | 'review'>,
): Approval {
  const concerns = (evidenceAt(state, gate)?.concerns ?? []).map(concern => digestOf(concern));
  const { by, at, review } = given;
  return {
    ...{ gate, digest: approvalDigest(state, gate), bound: boundTo(state, gate), by, at },
    ...(review === undefined ? {} : { review }),
    ...(concerns.length === 0 ? {} : { concerns }),
  };
}

/** The same approval for what the gate shows now; undefined if the person must be asked again. */
export function carriedApproval(state: IssueState, approval: Approval): Approval | undefined {
  const { gate, by, at, review, bound, digest, concerns } = approval;
  if (!mayCarry(state, approval)) return undefined;
  const now = approvalNow(state, gate, { by, at, ...(review === undefined ? {} : { review }) });
  const { base = '', head = '', evidence = '' } = bound;
  const carried = { digest, base, head, evidence: evidence as Digest };
  return { ...now, ...(concerns === undefined ? {} : { concerns }), carried };
}

function mayCarry(state: IssueState, { gate, bound, digest, concerns = [], carried }: Approval): boolean {
  const evidence = evidenceAt(state, gate);
  if (gate !== 'merge' && gate !== 'publish') return false;
  if (evidence === undefined || carried !== undefined || digest === approvalDigest(state, gate)) return false;
  return (
    isSamePatch(state, bound, boundTo(state, gate)) &&
    isAllowed(state) &&
    evidence.concerns.every(concern => concerns.includes(digestOf(concern)))
  );
}

function isSamePatch(state: IssueState, before: Bound, now: Bound): boolean {
  return areEqualBut(MAY_DIFFER, before, now) && now.patch !== undefined && isSameWork(state, before.head);
}

function areEqualBut(mayDiffer: readonly BoundName[], before: Bound, now: Bound): boolean {
  const names = new Set([...Object.keys(before), ...Object.keys(now)] as BoundName[]);
  return [...names].every(name => mayDiffer.includes(name) || before[name] === now[name]);
}

/**
 * The approval of the merge as far as it can be known before a merge into the present target branch is verified: only that
 * shows whether the patch is the same there, and what the evidence says.
 */
export function expectedApproval(state: IssueState): Approval | undefined {
  const approval = approvalFor(state, 'merge');
  if (approval !== undefined || provenCandidate(state) !== undefined || !isRiskCarried(state))
    return approval;
  const now = boundTo(state, 'merge');
  return state.approvals.findLast(
    ({ gate, bound }) =>
      gate === 'merge' && areEqualBut([...MAY_DIFFER, 'patch'], bound, now) && isSameWork(state, bound.head),
  );
}

/** Whether the policy carries approvals over at this risk. */
export function isRiskCarried(state: IssueState): boolean {
  return isAtMost(riskOf(state).level, state.policy?.approvals?.carryOver ?? BAR);
}

/** The head that was approved, or an older commit of the same run. */
function isSameWork(state: IssueState, head: string | undefined): boolean {
  const change = currentChange(state);
  if (change === undefined || head === undefined) return false;
  return change.commit === head || (change.earlier ?? []).includes(head);
}

function isAllowed(state: IssueState): boolean {
  const { policy } = state;
  const { level } = riskOf(state);
  const isShared = currentCandidate(state)?.sameFiles !== undefined;
  return isRiskCarried(state) && (!isShared || isAtMost(level, policy?.merge.sameFile ?? BAR));
}

function evidenceAt(state: IssueState, gate: Gate): Evidence | undefined {
  const own = currentEvidence(state);
  return gate === 'merge' ? (provenCandidate(state)?.evidence ?? own) : own;
}
