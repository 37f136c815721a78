/** Which approvals were given for an older base, for people. */
import { actorName } from './actor.ts';
import { approvalFor } from './gate.ts';
import { GATES } from './decision.ts';
import type { IssueState } from './state.ts';

/** Of the approvals that count now. */
export function carriedLines(state: IssueState): readonly string[] {
  return GATES.flatMap(gate => {
    const approval = approvalFor(state, gate);
    if (approval?.carried === undefined) return [];
    const { base } = approval.carried;
    return [
      `${gate} approval by ${actorName(approval.by)}, given on base ${base.slice(0, 12)}; the patch is the same`,
    ];
  });
}
