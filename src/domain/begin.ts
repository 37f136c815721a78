/** The state of an issue before anything is known about it. */
import { newTrail } from './audit.ts';
import { type Beginning, FIRST_GENERATION } from './generation.ts';
import { type IssueRef, issueName } from './issue-ref.ts';
import type { IssueState } from './state.ts';

/** `at`: epoch milliseconds. Other values default to those of the first generation. */
export function begin(
  input: { readonly issue: IssueRef; readonly at: number } & Partial<Beginning>,
): IssueState {
  const { issue, at, generation = FIRST_GENERATION, commentsReadTo = 0, actsReadTo = 0 } = input;
  return {
    issue,
    generation,
    at,
    runs: [],
    setAsideTo: 0,
    rejections: [],
    refusals: [],
    verificationsLost: 0,
    policyDue: false,
    releaseDue: false,
    approvals: [],
    due: { issue: 0, comments: 0 },
    mark: 0,
    upkeepStopped: false,
    archiveStopped: false,
    commentsReadTo,
    actsReadTo,
    decisionsSeen: [],
    reviewsSeen: 0,
    reviewsJudged: [],
    audit: newTrail(chainName({ issue, generation })),
  };
}

export function chainName(input: { readonly issue: IssueRef; readonly generation: number }): string {
  return `${issueName(input.issue)} generation ${input.generation}`;
}
