/** Carries approvals over to the base on which the change was just verified. Each gets a record of its own. */
import { actorName, rule } from '../actor.ts';
import { carriedApproval } from '../carry.ts';
import type { IssueState } from '../state.ts';
import type { Approval } from '../state/people.ts';
import { chain, type Noted } from './result.ts';

export function withCarried(state: IssueState): Noted {
  // What was carried before is carried again from the approval that the person gave.
  const given = state.approvals.filter(({ carried }) => carried === undefined);
  return given.reduce<Noted>((noted, approval) => chain(noted, s => carryOver(s, approval)), { state });
}

/** A carried approval takes the place of an older one that was carried from the same. */
export function carryOver(state: IssueState, approval: Approval): Noted {
  const carried = carriedApproval(state, approval);
  if (carried?.carried === undefined) return { state };
  const { digest, base, evidence } = carried.carried;
  const others = state.approvals.filter(
    one => one.carried?.digest !== digest || actorName(one.by) !== actorName(approval.by),
  );
  const { bound } = carried;
  return {
    state: { ...state, approvals: [...others, carried] },
    note: {
      cause: `the ${approval.gate} approval by ${actorName(approval.by)} was carried over from base ${base.slice(0, 12)} to ${(bound.base ?? '').slice(0, 12)}: the patch is the same, and its evidence says nothing new`,
      actor: rule('carry-over of approvals'),
      digests: {
        ...{ baseBefore: base, base: bound.base ?? '', patch: bound.patch ?? '' },
        ...{ evidenceBefore: evidence, evidence: bound.evidence ?? '' },
        ...{ approved: digest, approval: carried.digest },
      },
    },
  };
}
