/**
 * 27 and 29, independent of src/domain: approved changes are verified and merged in their turn, and an issue that cannot use
 * its place gives it up.
 */
import type { IssueState } from '../../../src/domain/state.ts';
import type { Effect, Step } from '../../../src/domain/step.ts';
import { must } from './invariants.ts';
import { changeNow, riskNow, targetNow } from './oracle.ts';

const MINUTE_MS = 60_000;
const RANK = { never: -1, low: 0, medium: 1, high: 2 } as const;
const IN_TURN: readonly string[] = [
  ...['read-policy', 'build-change', 'verify-change', 'build-candidate', 'verify-candidate', 'merge'],
  ...['assemble-evidence', 'push-commit', 'publish-evidence', 'open-pull-request', 'rerun-check'],
];

/** While it waits. */
const AHEAD: readonly string[] = ['build-ahead', 'verify-ahead'];

export function keepsLine({ hasLines, policy }: IssueState): boolean {
  const { by, upToDate, line, handOver } = policy?.merge ?? {};
  const isChecked = upToDate === true || upToDate === 'head';
  // What is handed over, GitHub orders.
  const isOurs = by === 'scheduler' && handOver === undefined;
  return hasLines === true && isOurs && isChecked && line !== false;
}

/** Its place, if it is for the work that would be merged. */
function placeNow(state: IssueState): IssueState['mergePlace'] {
  const { mergePlace: place, change } = state;
  const heads = change === undefined ? [] : [change.commit, ...(change.earlier ?? [])];
  return keepsLine(state) && heads.includes(place?.head ?? '') ? place : undefined;
}

export function beginsJoin(state: IssueState, effect: Extract<Effect, { kind: 'join-line' }>): void {
  const { head, target, id, approvedAt } = effect;
  const { pullRequest, approvals, mergePlace: known, at } = state;
  must('29 in turn', keepsLine(state), 'it joins where there is no line');
  must('4 one commit', head === state.pushed && head === changeNow(state)?.commit, `it joins with ${head}`);
  must('4 one target', target === targetNow(state), `it joins for ${target}`);
  must(
    '7 merge',
    pullRequest?.state === 'open' && !pullRequest.draft,
    'it joins without an open pull request',
  );
  const isGiven = approvals.some(
    one => one.gate === 'merge' && one.by.kind === 'person' && one.at === approvedAt,
  );
  must('9 persons only', isGiven, 'it joins without an approval of the merge by a person');
  if (known?.id !== id) return;
  must('21 in vain', known.turnAt === undefined, 'it joins although it has the turn');
  must('21 in vain', at >= known.askedAt + 10 * MINUTE_MS, 'the line is asked again too early');
}

/** What is verified on the present branch, and merged, has the turn, and the branch was read since. */
export function beginsInTurn(state: IssueState, kind: 'build-candidate' | 'merge'): void {
  if (!keepsLine(state) || state.merge !== undefined) return;
  const isCarried = RANK[riskNow(state)] <= RANK[state.policy?.approvals?.carryOver ?? 'medium'];
  if (kind === 'build-candidate' && !isCarried) return;
  const { turnAt } = placeNow(state) ?? {};
  must('29 in turn', turnAt !== undefined, `${kind} before its turn`);
  must('29 in turn', (state.policyReadAt ?? 0) >= (turnAt ?? 0), `${kind} on a branch read before its turn`);
}

/** Whoever is held, ends or works on something else has no place. `isQuiet`: no upkeep is in flight. */
export function checkPlace(state: IssueState, step: Step, isQuiet: boolean): void {
  if (!isQuiet) return;
  const isKept = state.mergePlace === undefined || isOnWay(state, step);
  must('27 place', isKept, `a place is kept although it is ${step.kind}`);
  const joining = state.sent?.kind === 'join-line' ? state.sent.id : undefined;
  const strays = (state.strayPlaces ?? []).filter(id => id !== joining);
  must('27 place', strays.length === 0, 'a turn of others is kept');
  if (step.kind !== 'wait' || step.for !== 'turn') return;
  const until = step.until ?? Infinity;
  must('27 place', placeNow(state)?.turnAt === undefined, 'it waits although it has the turn');
  must(
    '27 place',
    until <= (state.mergePlace?.askedAt ?? 0) + 10 * MINUTE_MS,
    'the line is never asked again',
  );
}

/** Whether it asks for its place, waits in it, or uses its turn. */
export function isOnWay(state: IssueState, step: Step): boolean {
  if (step.kind === 'effect' && step.effect.kind === 'join-line') return true;
  if (placeNow(state) === undefined) return false;
  if (step.kind === 'effect') return [...IN_TURN, ...AHEAD].includes(step.effect.kind);
  if (step.kind !== 'wait') return false;
  const isForHead = step.for === 'checks' && state.policy?.merge.upToDate === 'head';
  return step.for === 'turn' || step.for === 'look' || isForHead;
}

/** What keeps failing on the way to the merge, as people are told while it is tried again. */
export function isDelayedInTurn(state: IssueState, step: Step): boolean {
  return isOnWay(state, step) && (state.delays ?? []).some(({ kind }) => IN_TURN.includes(kind));
}
