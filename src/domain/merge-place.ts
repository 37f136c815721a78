/**
 * The place of an approved change in the line of merges of its repository: one merge at a time for each target branch, so that
 * only the change whose turn it is must be verified on the present branch.
 */
import { delayNow } from './delay.ts';
import { currentRun, followsTarget } from './facts.ts';
import type { IssueState } from './state.ts';
import type { Delay, DelayedKind } from './state/delays.ts';
import type { MergePlace } from './state/publication.ts';
import type { EffectKind, Step } from './step.ts';

/** The line is asked again after this time: it may have been terminated, and then nobody would ever get a turn. */
export const ASK_AGAIN_MS = 10 * 60_000;
/** A wait that is shorter is not shown: the write would cost as much as the merge. */
export const SHOWN_AFTER_MS = 30_000;

/** What leads from the turn to the merge; with an up-to-date head also what builds that head. */
const IN_TURN: readonly DelayedKind[] = [
  'read-policy',
  'build-change',
  'verify-change',
  'assemble-evidence',
  'push-commit',
  'publish-evidence',
  'open-pull-request',
  'rerun-check',
  'build-candidate',
  'verify-candidate',
  'merge',
] satisfies EffectKind[];

/**
 * Whether approved changes of the repository are merged one at a time. Without an up-to-date rule there is nothing to gain;
 * what is handed over, GitHub orders.
 */
export function hasLine(state: IssueState): boolean {
  const { by, line, handOver } = state.policy?.merge ?? {};
  const isOurs = by === 'scheduler' && handOver === undefined;
  return state.hasLines === true && isOurs && line !== false && followsTarget(state);
}

/** The place, if it is still that of the change. */
export function currentPlace(state: IssueState): MergePlace | undefined {
  const { mergePlace: place, change } = state;
  if (place === undefined || change === undefined || !hasLine(state)) return undefined;
  // With an up-to-date head the same work is built on each base.
  const isSame = change.commit === place.head || (change.earlier ?? []).includes(place.head);
  return isSame && currentRun(state)?.runId === change.runId ? place : undefined;
}

export function isInTurn(kind: DelayedKind): boolean {
  return IN_TURN.includes(kind);
}

/** Whether the step leads to the merge through the line: it asks for a place, waits for the turn, or uses it. */
export function isOnItsWay(state: IssueState, step: Step): boolean {
  if (step.kind === 'effect' && step.effect.kind === 'join-line') return true;
  return currentPlace(state) !== undefined && isWithPlace(state, step);
}

/** What must be given up in the line: a held or ended issue, or one with another change, lets the others pass. */
export function placesToLeave(state: IssueState, step: Step): readonly string[] {
  const { mergePlace: place, sent, strayPlaces = [] } = state;
  // The turn can come before the answer to the request for the place.
  const joining = sent?.kind === 'join-line' ? sent.id : undefined;
  const strays = strayPlaces.filter(id => id !== joining);
  if (place === undefined) return strays;
  const isKept = currentPlace(state) !== undefined && isWithPlace(state, step);
  return isKept ? strays : [place.id, ...strays];
}

/** With an up-to-date head, the new head needs its checks; otherwise who waits for CI lets others pass. */
function isWithPlace({ policy }: IssueState, step: Step): boolean {
  if (step.kind === 'wait' && step.for === 'checks') return policy?.merge.upToDate === 'head';
  if (step.kind === 'wait') return step.for === 'turn' || step.for === 'look';
  return step.kind === 'effect' && (WITH_PLACE.includes(step.effect.kind) || isInTurn(step.effect.kind));
}

/** What it does while it waits. */
const WITH_PLACE: readonly DelayedKind[] = ['join-line', 'build-ahead', 'verify-ahead'];

/** What keeps failing although the change had its turn. It has left the line, and joins again for the next try. */
export function delayInTurn({ delays = [] }: IssueState): Delay | undefined {
  return delays.find(({ kind }) => isInTurn(kind));
}

/** Why the change could not use its turn now. */
export function delayOfTurn(state: IssueState): Delay | undefined {
  const delays = IN_TURN.map(kind => delayNow(state, kind));
  return delays.find(delay => delay !== undefined);
}

/** Whether it waits in the line only since a moment ago. */
export function isTurnNear({ mergePlace, at }: IssueState, step: Step): boolean {
  return step.kind === 'wait' && step.for === 'turn' && at < (mergePlace?.joinedAt ?? 0) + SHOWN_AFTER_MS;
}
