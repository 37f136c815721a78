/**
 * Calls: one new comment with a mention when a person is needed, once for each rung of the ladder, removed when it is done.
 * They show and change nothing else: a call that fails is recorded, and the issue goes on.
 */
import { calleesFor, calleesOf, openerOf } from './call-target.ts';
import { digestOf, shortDigest } from './digest.ts';
import { currentChange } from './facts.ts';
import { approvalFor } from './gate.ts';
import { holdName, isPatient } from './hold.ts';
import type { Callee } from './mention.ts';
import { isTriedAgain } from './next-step-delayed.ts';
import { nextStep } from './next-step.ts';
import { CALL_AFTER_MS } from './policy.ts';
import { quietUntil } from './quiet-hours.ts';
import { OUR_MARKER } from './reply.ts';
import type { IssueState } from './state.ts';
import type { CallKey, CallMade } from './state/calls.ts';
import type { CallPlan, EffectKind, Hold, Step, Upkeep } from './step.ts';

/** The start of the marker line of a call. */
export const CALL_MARKER = `${OUR_MARKER}call`;
/** Of the change, for its code owners. */
const PATHS_MAX = 100;

/** What a person is asked now. */
export interface Ask extends Omit<CallKey, 'seq'> {
  readonly now: Hold;
}

/** A pause was a person's wish, no one can end a limit, and nothing is written before the opt-in or where the issue was. */
export function askNow(state: IssueState): Ask | undefined {
  const { calling, held, projected, subject, gone, upkeepStopped } = state;
  if (calling === undefined || held === undefined || subject === undefined) return undefined;
  if (gone !== undefined || upkeepStopped || (subject.optIn === null && projected === undefined))
    return undefined;
  const step = nextStep(state);
  if (step.kind !== 'hold' || isPatient(step.hold)) return undefined;
  const hold = holdName(step.hold);
  return {
    ask: askOf(state, step.hold),
    answers: answersTo(state, hold),
    rung: held.rung,
    hold,
    now: step.hold,
  };
}

/**
 * A gate asks the same until it is answered or another run is made: a moved base or an edited text calls nobody again. A
 * delay asks the same until it is over: each try may fail in other words. Times and sums in the reason of another hold do
 * not make it another ask.
 */
function askOf(state: IssueState, hold: Hold): string {
  const attempt = state.runs.at(-1)?.attempt ?? 0;
  if (hold.gate !== undefined || hold.kind === 'delayed') return `${holdName(hold)}/${attempt}`;
  const why = hold.why.map(reason => reason.replace(/\d+/g, '0'));
  return `${holdName(hold)}/${attempt}/${shortDigest(digestOf(why))}`;
}

/** The call that is due, whatever the hour. */
function pending(state: IssueState): Ask | undefined {
  const ask = askNow(state);
  return ask === undefined || isCalled(state, ask) || !hasSomeone(state, ask) ? undefined : ask;
}

/** Whoever has just approved knows that the merge is theirs: only a later rung reminds of it. */
function isCalled(state: IssueState, { ask, answers, rung, now }: Ask): boolean {
  const isApproved = now.gate !== undefined && approvalFor(state, now.gate) !== undefined;
  if (isApproved && rung === 'fresh') return true;
  return madeOf(state).some(
    call => call.ask === ask && call.rung === rung && (call.answers === answers || isApproved),
  );
}

function hasSomeone(state: IssueState, { now }: Ask): boolean {
  return state.calling?.webhook === true || calleesFor(state, now).length > 0 || extrasOf(state, now);
}

function extrasOf({ policy }: IssueState, { gate }: Hold): boolean {
  const { assign = [], reviewers = [] } = policy?.calls ?? {};
  return assign.length > 0 || (gate === 'merge' && reviewers.length > 0);
}

/** When the call that is pending is due, if it has to wait for its time. */
export function callWaitsUntil(state: IssueState): number | undefined {
  const dueAt = pending(state) === undefined ? undefined : callTime(state);
  return dueAt === undefined || dueAt <= state.at ? undefined : dueAt;
}

/** A call may be made now. */
export function isCallDue(state: IssueState): boolean {
  return pending(state) !== undefined && callTime(state) <= state.at;
}

/** A call is due that had to wait for the end of quiet hours: what was written meanwhile may have made it needless. */
export function isCallLate(state: IssueState): boolean {
  const { held } = state;
  const isAtOnce = held?.rung === 'fresh' && quietEnd(state, firstTime(state)) === undefined;
  return !isAtOnce && isCallDue(state);
}

function callTime(state: IssueState): number {
  const from = state.held?.rung === 'fresh' ? Math.max(firstTime(state), state.at) : state.at;
  return quietEnd(state, from) ?? from;
}

/** A new hold waits a moment: whoever is there may answer it. */
function firstTime({ policy, held, at }: IssueState): number {
  return (held?.since ?? at) + (policy?.calls?.afterMs ?? CALL_AFTER_MS);
}

function quietEnd({ policy, calling }: IssueState, at: number): number | undefined {
  const quiet = policy?.calls?.quietHours;
  return quiet === undefined ? undefined : quietUntil(quiet, calling?.offsets ?? [], at);
}

/** At most one comment of a call is there: the old one is removed first. */
export function callUpkeep(state: IssueState, step: Step): Upkeep | undefined {
  if (state.upkeepStopped || state.gone !== undefined) return undefined;
  const open = openCall(state);
  const due = isCallDue(state) ? pending(state) : undefined;
  if (open !== undefined && (due !== undefined || isOver(state, open, step)))
    return { kind: 'fold-call', seq: open.seq, commentId: open.commentId };
  return due === undefined ? undefined : { kind: 'call', call: callOf(state, due) };
}

type OpenCall = CallMade & { readonly commentId: number };

/** The call whose comment is on GitHub. */
function openCall(state: IssueState): OpenCall | undefined {
  return madeOf(state).find((call): call is OpenCall => call.commentId !== undefined);
}

/** Its hold has ended. */
function isOver(state: IssueState, call: CallMade, step: Step): boolean {
  if (isCallAnswered(state, call) || step.kind === 'end') return true;
  if (step.kind === 'hold') return askNow(state)?.ask !== call.ask;
  return call.hold === 'delayed' ? !isTriedAgain(state, step) : !comesBack(state, call, step);
}

/** While the same change is only built again, the gate will ask the same. */
function comesBack(state: IssueState, call: CallMade, step: Step): boolean {
  const attempt = state.runs.at(-1)?.attempt ?? 0;
  const isSame = call.hold.startsWith('gate:') && call.ask === `${call.hold}/${attempt}`;
  const isOfRelease = call.hold === 'gate:release';
  return isSame && isOfRelease === (state.merge !== undefined) && isBetween(step);
}

/** Short, and back at the gate afterwards if nobody answered. */
function isBetween(step: Step): boolean {
  return step.kind === 'wait'
    ? step.for === 'look'
    : step.kind === 'effect' && BETWEEN.includes(step.effect.kind);
}

const BETWEEN: readonly EffectKind[] = [
  'read-policy',
  'build-change',
  'build-candidate',
  'verify-change',
  'verify-candidate',
  'assemble-evidence',
  'push-commit',
  'publish-evidence',
  'open-pull-request',
  'read-arrival',
  'check-release',
];

function callOf(state: IssueState, asked: Ask): CallPlan {
  const { ask, answers, rung, hold, now } = asked;
  const { issue, generation, pullRequest, projected, subject } = state;
  const seq = (madeOf(state).at(-1)?.seq ?? 0) + 1;
  return {
    ...{ seq, ask, answers, rung, hold },
    marker: `${CALL_MARKER} ${issue.number}.${generation}.${seq} -->`,
    ...peopleOf(state, asked),
    ...(pullRequest === undefined ? {} : { pullRequest: pullRequest.number }),
    what: now.what,
    why: now.why[0] ?? '',
    ...(subject === undefined || projected === undefined
      ? {}
      : { status: `${subject.url}#issuecomment-${projected.commentId}` }),
  };
}

type People = Pick<CallPlan, 'to' | 'otherwise' | 'assign' | 'reviewers' | 'paths'>;

/** Reviewers and assignees are set by the first call of a hold. */
function peopleOf(state: IssueState, { rung, now }: Ask): People {
  const { assign = [], reviewers = [] } = rung === 'fresh' ? (state.policy?.calls ?? {}) : {};
  const to = calleesFor(state, now);
  const others = {
    assign: calleesOf(state, assign),
    reviewers: now.gate === 'merge' ? calleesOf(state, reviewers) : [],
  };
  const isOwned = needsOwners([...to, ...others.assign, ...others.reviewers]);
  return {
    to,
    otherwise: needsOwners(to) ? openerOf(state) : [],
    ...others,
    paths: isOwned ? pathsOf(state) : [],
  };
}

function needsOwners(callees: readonly Callee[]): boolean {
  return callees.includes('codeowners');
}

function pathsOf(state: IssueState): readonly string[] {
  return (currentChange(state)?.files ?? []).slice(0, PATHS_MAX).map(({ path }) => path);
}

/** People did what was asked, or it is over by itself: if it is needed again, that is another call. */
export function isCallAnswered(state: IssueState, { hold, answers }: CallKey): boolean {
  return answersTo(state, hold) > answers;
}

export function answersTo({ answersToHolds }: IssueState, hold: string): number {
  return answersToHolds?.[hold] ?? 0;
}

/** Calls that were made, oldest first. */
export function madeOf({ calls }: IssueState): readonly CallMade[] {
  return calls ?? [];
}
