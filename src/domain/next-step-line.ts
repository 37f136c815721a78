/** Before the merge gate is passed for good: one approved change at a time is verified on the present target branch and merged. */
import { aheadStep, placesAhead, runningAhead } from './ahead.ts';
import { provenCandidate } from './candidate.ts';
import { expectedApproval, isRiskCarried } from './carry.ts';
import { gateHold } from './hold.ts';
import { ASK_AGAIN_MS, currentPlace, delayOfTurn, hasLine, SHOWN_AFTER_MS } from './merge-place.ts';
import { delayedHold } from './next-step-delayed.ts';
import { policyReading } from './next-step-target.ts';
import type { IssueState } from './state.ts';
import type { MergePlace } from './state/publication.ts';
import type { Change } from './state/work.ts';
import type { Step } from './step.ts';
import { targetBranch } from './target.ts';

/** Undefined where there is no line, and for the change whose turn it is. */
export function lineStep(state: IssueState, change: Change): Step | undefined {
  if (!hasLine(state)) return undefined;
  const approval = expectedApproval(state);
  if (approval === undefined) return askedFirst(state);
  const place = currentPlace(state);
  if (place?.turnAt !== undefined) return turnStep(state, place, place.turnAt);
  const delay = place === undefined ? delayOfTurn(state) : undefined;
  if (delay !== undefined) return delayedHold(state, delay);
  if (place !== undefined && isWaiting(state, place))
    return aheadStep(state, place, change) ?? waitStep(state, place);
  return joinStep(state, { place, change, approvedAt: approval.at });
}

/**
 * People are asked with the evidence of the change alone: the target branch moves many times until it is approved, and the
 * approval will be carried over. If it would not be, they must see what a merge makes.
 */
function askedFirst(state: IssueState): Step | undefined {
  const isProven = provenCandidate(state) !== undefined;
  return isRiskCarried(state) && !isProven ? gateHold(state, 'merge') : undefined;
}

/** Those before it have moved the target branch. */
function turnStep(state: IssueState, place: MergePlace, turnAt: number): Step | undefined {
  const running = runningAhead(state, place);
  if (running !== undefined) return { kind: 'effect', effect: running };
  if ((state.policyReadAt ?? 0) >= turnAt) return undefined;
  return { kind: 'effect', effect: policyReading(state, 'it was last read before its turn to be merged') };
}

/** The line is not asked again while a verification is in flight: that would cancel it. */
function isWaiting(state: IssueState, place: MergePlace): boolean {
  return state.at < place.askedAt + ASK_AGAIN_MS || runningAhead(state, place) !== undefined;
}

function waitStep({ at }: IssueState, { joinedAt, askedAt }: MergePlace): Step {
  const shownAt = joinedAt + SHOWN_AFTER_MS;
  const until = at < shownAt ? shownAt : askedAt + ASK_AGAIN_MS;
  return { kind: 'wait', for: 'turn', until };
}

interface Joining {
  readonly place: MergePlace | undefined;
  readonly change: Change;
  readonly approvedAt: number;
}

function joinStep(state: IssueState, { place, change, approvedAt }: Joining): Step {
  const { generation, mergePlaces = 0, repository } = state;
  const id = place?.id ?? `${generation}.${mergePlaces + 1}`;
  const target = targetBranch(state) ?? repository?.defaultBranch ?? '';
  const places = placesAhead(state);
  const ahead = places === 0 ? {} : { ahead: places };
  return {
    kind: 'effect',
    effect: { kind: 'join-line', id, target, head: change.commit, approvedAt, ...ahead },
  };
}
