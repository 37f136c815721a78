/** 22: people are called when they must act, once for each gate and rung, at an hour when they may be, and never in vain. */
import type { Event } from '../../../src/domain/event.ts';
import { nextStep } from '../../../src/domain/next-step.ts';
import { omit } from '../../../src/domain/omit.ts';
import type { IssueState } from '../../../src/domain/state.ts';
import type { CallPlan, Notice, Step, Upkeep } from '../../../src/domain/step.ts';
import { delayOver } from './begins.ts';
import { must } from './invariants.ts';

/** A call that nobody has answered, as the guard saw it begin. */
export interface Calling {
  readonly hold: string;
  readonly rung: string;
  readonly attempt: number;
  /** When the hold began. */
  readonly since: number;
}

const HOUR_MS = 3_600_000;
const MENTION = /^@[A-Za-z0-9][A-Za-z0-9-]{0,38}(?:\/[\w.-]+)?$/;

/** Returns what the guard remembers of it. */
export function beginsCall(state: IssueState, call: CallPlan, called: readonly Calling[]): Calling {
  const now = askedNow(state);
  must('22 needed', call.hold === now.hold, `called to ${call.hold}, held: ${now.hold}`);
  must('22 needed', call.rung === now.rung, `called on ${call.rung}, it is ${now.rung}`);
  checkCallees(state, call);
  must('22 folded', openIn(state).length === 0, 'the comment of another call is there');
  const isAgain = isOnce(now.hold) && called.some(one => isEqual(one, now));
  must('22 once', !isAgain, `${now.hold} calls twice on the rung ${now.rung}`);
  checkHour(state);
  const { since = 0 } = state.held ?? {};
  must('22 hours', state.at >= since + (state.policy?.calls?.afterMs ?? 0), 'called too early');
  return now;
}

function isOnce(hold: string): boolean {
  return hold.startsWith('gate:') || hold === 'delayed';
}

/** `none` while nobody must act, during a pause, and until a limit ends. */
function askedNow(state: IssueState): Calling {
  const step = nextStep(state);
  const hold = step.kind === 'hold' && canEnd(step) ? nameOf(step) : 'none';
  const { rung = '', since = 0 } = state.held ?? {};
  return { hold, rung, attempt: state.runs.at(-1)?.attempt ?? 0, since };
}

function canEnd({ hold }: Extract<Step, { kind: 'hold' }>): boolean {
  return hold.kind !== 'paused' && hold.because !== 'limit';
}

function checkCallees({ calling, ownLogin }: IssueState, { to }: CallPlan): void {
  must('22 needed', to.length > 0 || calling?.webhook === true, 'a call of nobody');
  const isPlain = to.every(name => name === 'codeowners' || MENTION.test(name));
  must('14 inert', isPlain, `mentions ${to.join(' ')}`);
  must('22 needed', !to.includes(`@${ownLogin ?? ''}`), 'our own account is mentioned');
}

function openIn({ calls = [] }: IssueState): NonNullable<IssueState['calls']> {
  return calls.filter(({ commentId }) => commentId !== undefined);
}

function isEqual(one: Calling, other: Calling): boolean {
  const isSame = one.hold === other.hold && one.rung === other.rung && one.attempt === other.attempt;
  return isSame && (one.hold !== 'delayed' || one.since === other.since);
}

/** The quiet hours of these worlds are those of the fixtures: from 22 to 6 o'clock, UTC. */
function checkHour({ policy, at }: IssueState): void {
  const hour = Math.floor(at / HOUR_MS) % 24;
  must('22 hours', !hasQuiet(policy) || (hour >= 6 && hour < 22), `a call at ${hour} o'clock`);
}

function hasQuiet(policy: IssueState['policy']): boolean {
  return policy?.calls?.quietHours !== undefined;
}

/** What did not succeed yet is tried again. */
export function withoutDelayed(called: readonly Calling[], event: Event): readonly Calling[] {
  return event.type === 'upkeep-delayed' && event.upkeep === 'call' ? called.slice(0, -1) : called;
}

/** An approval that was given ends what was asked at its gate. */
export function stillAsked(
  called: readonly Calling[],
  before: IssueState,
  after: IssueState,
): readonly Calling[] {
  const given = after.approvals.filter(approval => !before.approvals.includes(approval));
  return called.filter(({ hold }) => !given.some(({ gate }) => hold === `gate:${gate}`));
}

/** A comment is removed by its id; nothing else is. */
export function beginsFold(state: IssueState, fold: Extract<Upkeep, { kind: 'fold-call' }>): void {
  const call = state.calls?.find(({ seq }) => seq === fold.seq);
  must(
    '22 folded',
    call?.commentId === fold.commentId,
    `comment ${fold.commentId} is not that of call ${fold.seq}`,
  );
}

/** The webhook is told of a call that was made and still matters, once. */
export function beginsNotice(state: IssueState, notice: Notice, step: Step): void {
  const call = state.calls?.find(({ seq }) => seq === notice.seq);
  must('22 once', call?.notice === 'owed', `call ${notice.seq} is told again`);
  must('22 needed', state.calling?.webhook === true, 'a webhook is told that nobody set');
  must(
    '22 needed',
    step.kind === 'hold' && nameOf(step) === notice.hold,
    `told of ${notice.hold}, which is over`,
  );
}

/** At rest: whoever must act was called, and no comment asks for what is over. */
export function checkCalls(state: IssueState, step: Step, called: readonly Calling[]): void {
  const open = openIn(state);
  must('22 folded', open.length <= 1, `${open.length} comments of calls`);
  if (state.upkeepStopped || state.gone !== undefined) return;
  const now = askedNow(state);
  const [stale] = open.filter(({ hold }) => hold !== now.hold);
  const isLater = delayOver(state, 'fold-call') !== undefined;
  must(
    '22 folded',
    stale === undefined || isLater,
    `a call to ${stale?.hold ?? ''} stays, held: ${now.hold}`,
  );
  const isCalled = called.some(one => isEqual(one, now));
  must('22 needed', isCalled || !mustBeCalled(state, step), `${now.hold} waits, and nobody was called`);
}

/** A gate that is not approved, or what keeps failing, after the first moments, in a world without quiet hours. */
function mustBeCalled(state: IssueState, step: Step): boolean {
  if (step.kind !== 'hold' || state.calling === undefined) return false;
  if (delayOver(state, 'call') !== undefined || delayOver(state, 'fold-call') !== undefined) return false;
  if (!isOnce(nameOf(step)) || !canEnd(step)) return false;
  const isNew = state.held?.rung === 'fresh' && (state.policy?.calls?.afterMs ?? 0) > 0;
  return !isNew && !isApproved(state, step) && !hasQuiet(state.policy) && hasSomeone(state);
}

function hasSomeone({ subject, policy, calling }: IssueState): boolean {
  if (calling?.webhook === true && subject !== undefined) return true;
  return policy?.calls?.to?.length !== 0 && subject?.optIn?.by.type === 'User';
}

function isApproved({ approvals }: IssueState, { hold }: Extract<Step, { kind: 'hold' }>): boolean {
  return approvals.some(({ digest }) => digest === hold.digest);
}

/** Nothing of a call changes the life. */
export function checkCallFacts(before: IssueState, event: Event, after: IssueState): void {
  if (event.type !== 'called' && event.type !== 'call-folded' && event.type !== 'notified') return;
  const rest = (state: IssueState): string => JSON.stringify(omit(state, 'calls', 'delays', 'audit', 'at'));
  must('22 alone', rest(before) === rest(after), `${event.type} changes more than calls`);
}

function nameOf({ hold }: Extract<Step, { kind: 'hold' }>): string {
  return hold.gate === undefined ? hold.kind : `gate:${hold.gate}`;
}
