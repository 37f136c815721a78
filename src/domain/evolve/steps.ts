/** How steps start, fail, and are cancelled or lost, and what a timer does. */
import { actorName, rule } from '../actor.ts';
import { isCallLate } from '../call.ts';
import { withoutDelay } from '../delay.ts';
import { withDue } from '../due.ts';
import type { EventBody } from '../event.ts';
import { type FailureName, fixForHold, retrySequel } from '../failure.ts';
import { isHandedOver } from '../hand-over.ts';
import { isRungOver, nextRung } from '../hold.ts';
import { nextStep } from '../next-step.ts';
import type { Facet } from '../observation.ts';
import { omit } from '../omit.ts';
import type { IssueState } from '../state.ts';
import type { Blocked } from '../state/people.ts';
import type { Claim } from '../state/work.ts';
import type { Effect, Step } from '../step.ts';
import type { WaitFor } from '../wait.ts';
import { isAhead, withoutAhead } from './ahead.ts';
import { onCallFailed } from './calls.ts';
import { withHandOverSent, withoutHandOver } from './hand-over.ts';
import { givenUp } from './replies.ts';
import { type Noted, type Reduced, refuse } from './result.ts';
import { withoutAnswers } from './threads.ts';

type EffectOf<K extends Effect['kind']> = Extract<Effect, { kind: K }>;
type Failed = Extract<EventBody, { type: 'step-failed' }>;

/** Remembers the request until its outcome is known: it may take effect even if no result arrives. */
export function onStepStarted(state: IssueState, effect: Effect): Reduced {
  if (state.sent !== undefined) return refuse(`${state.sent.kind} is in progress`);
  const sent: IssueState = { ...state, sent: effect };
  switch (effect.kind) {
    case 'claim-branch':
      return { state: { ...sent, claimSent: claimOf(effect) } };
    case 'push-commit':
      return { state: { ...sent, pushSent: effect.commit } };
    case 'merge':
      return { state: { ...sent, mergeSent: { head: effect.head, by: effect.approval.by } } };
    case 'hand-over-merge':
      return { state: withHandOverSent(sent, effect) };
    case 'run-agent':
      // It runs for long, and whatever it ends as is its own result.
      return startRun(withoutDelay(sent, 'run-agent'), effect);
    default:
      return { state: sent };
  }
}

function claimOf({ branch, base, into }: EffectOf<'claim-branch'>): Claim {
  return { branch, base, ...(into === undefined ? {} : { into }) };
}

function startRun(state: IssueState, effect: EffectOf<'run-agent'>): Reduced {
  const { runId, attempt, mode, inputs, feedback, failedChecks, costUsdMax } = effect;
  if (state.runs.some(run => run.runId === runId)) return { state };
  const run = {
    runId,
    attempt,
    mode,
    inputs,
    startedAt: state.at,
    costUsdMax,
    ...(feedback === undefined ? {} : { feedback }),
    ...(failedChecks === undefined ? {} : { failedChecks }),
  };
  return {
    state: { ...state, runs: [...state.runs, run] },
    note: {
      cause: `run ${runId} handed to a runner`,
      actor: rule('lifecycle'),
      digests: { subject: inputs.subject, policy: inputs.policy, base: inputs.base },
    },
  };
}

/** A permanent failure needs a person; the failure's name gives the fix. The issue and pull request are read again. */
export function onStepFailed(state: IssueState, event: Failed): Reduced {
  const { effect } = event;
  if (state.sent?.kind !== effect.kind) return refuse(`no ${effect.kind} is in progress`);
  if (isAhead(effect)) return withoutAhead(state);
  const ended = withDue(omit(state, 'sent'), ['issue', 'pull-request']);
  if (effect.kind === 'release-claim') return leaveBranch(ended, event);
  const isMerge = effect.kind === 'merge' || effect.kind === 'hand-over-merge';
  if (isMerge && LOST_APPROVAL.includes(event.failure))
    return unapprove(withoutHandOver(ended, event), effect, event);
  return blockOn(isTaken(event) ? omit(ended, 'claimSent') : withoutHandOver(ended, event), event);
}

/** The merge found that its approval no longer counts. */
const LOST_APPROVAL: readonly string[] = ['ApproverLostRole', 'ReviewDismissed'] satisfies FailureName[];

/** Only the claim can find that others own the branch. After any other failure, a branch that we made is still ours. */
function isTaken({ effect, failure }: Failed): boolean {
  return effect.kind === 'claim-branch' && failure === 'BranchTaken';
}

function blockOn(state: IssueState, { effect, failure, message }: Failed): Noted {
  const reason = `${effect.kind} failed: ${message}`;
  const blocked = { reason, mend: fixForHold(failure), since: state.at, ...onRetry(failure) };
  return {
    state: { ...state, blocked },
    note: { cause: reason, actor: { kind: 'outside', what: failure } },
  };
}

function onRetry(failure: string): Pick<Blocked, 'anew' | 'lesson' | 'rebuild'> {
  switch (retrySequel(failure)) {
    case 'rebuild':
      return { rebuild: true };
    case 'anew':
      return { anew: true };
    case 'anew-told':
      return { anew: true, lesson: true };
    case undefined:
      return {};
  }
}

/** The issue has ended, so this blocks no one: a branch that cannot be deleted is left to people. */
function leaveBranch(state: IssueState, { failure, message }: Failed): Noted {
  return {
    state: { ...state, claimReleased: true },
    note: {
      cause: `could not delete the claim branch, it is left to people: ${message}`,
      actor: { kind: 'outside', what: failure },
    },
  };
}

/** An approval counts only while its giver has the role and has not withdrawn it. Otherwise the gate opens again. */
function unapprove(
  state: IssueState,
  effect: EffectOf<'merge' | 'hand-over-merge'>,
  { failure, message }: Failed,
): Noted {
  const { by, digest } = effect.approval;
  const mayNot = actorName(by);
  // Also the approval that it was carried over from, which would be carried over again.
  const lost = [digest, effect.approval.carried?.digest];
  const approvals = state.approvals.filter(
    ({ digest: of, by: giver }) => !lost.includes(of) || actorName(giver) !== mayNot,
  );
  return {
    state: { ...state, approvals, refusedDecision: { by: mayNot, kind: 'approve', why: message } },
    note: {
      cause: `the approval by ${mayNot} no longer counts: ${message}`,
      actor: { kind: 'outside', what: failure },
    },
  };
}

/** What only failed to be shown stops nothing. */
export function onUpkeepFailed(
  state: IssueState,
  event: Extract<EventBody, { type: 'upkeep-failed' }>,
): Reduced {
  const reason = `${event.upkeep} failed: ${event.message}`;
  const { digest } = event;
  if (digest !== undefined && event.failure === 'GitHubInvalid')
    return {
      state: { ...state, unshown: { digest, reason } },
      note: { cause: reason, actor: { kind: 'outside', what: event.failure } },
    };
  if (event.upkeep === 'call' || event.upkeep === 'fold-call') return onCallFailed(state, event);
  if (event.upkeep === 'reply' || event.upkeep === 'answer-threads')
    return {
      state: event.upkeep === 'reply' ? givenUp(state) : withoutAnswers(state),
      note: { cause: reason, actor: { kind: 'outside', what: event.failure } },
    };
  const blocked = { reason, mend: fixForHold(event.failure), since: state.at };
  // Writing still works: people see why it is held, and the next news is a reason to read again.
  const stopped: Partial<IssueState> = isUnreadable(event)
    ? { due: {} }
    : {
        upkeepStopped: true,
        archiveStopped: state.archiveStopped || event.upkeep === 'archive-audit',
      };
  return {
    state: { ...state, ...stopped, blocked },
    note: { cause: reason, actor: { kind: 'outside', what: event.failure } },
  };
}

/** What others wrote is more than a look reads. */
function isUnreadable({ upkeep, failure }: Extract<EventBody, { type: 'upkeep-failed' }>): boolean {
  return upkeep === 'look' && failure === ('TooMuchToRead' satisfies FailureName);
}

export function onStepCancelled(state: IssueState, effect: Effect): Reduced {
  if (state.sent?.kind !== effect.kind) return refuse(`no ${effect.kind} is in progress`);
  const ended = omit(state, 'sent');
  const isPush = effect.kind === 'push-commit' && state.pullRequest !== undefined;
  return {
    // The push may still have happened: a look checks that before anything else.
    state: isPush ? withDue(ended, ['pull-request']) : ended,
    note: { cause: `${effect.kind} was cancelled: it is no longer the next step`, actor: rule('lifecycle') },
  };
}

/** Lost with its host: the same step is due again, until this has happened too often and a person must decide. */
export function onStepLost(state: IssueState, effect: Effect): Reduced {
  if (state.sent?.kind !== effect.kind) return refuse(`no ${effect.kind} is in progress`);
  if (isAhead(effect)) return withoutAhead(state);
  const ended = omit(state, 'sent');
  const verificationsLost = state.verificationsLost + 1;
  const note = { cause: `${effect.kind} was lost with its host`, actor: rule('run limits') };
  const limit = state.policy?.limits.lostRunsMax ?? 0;
  if (verificationsLost < limit) return { state: { ...ended, verificationsLost }, note };
  const blocked = {
    reason: `${effect.kind} was lost with its host ${verificationsLost} times`,
    mend: fixForHold('RunnerFailed'),
    since: state.at,
  };
  return { state: { ...ended, verificationsLost: 0, blocked }, note };
}

const READ_BEFORE_A_CALL: readonly Facet[] = ['issue', 'comments', 'pull-request'];

/** A timer moves a hold up its ladder, or makes GitHub due again. No one is reminded without a fresh look. */
export function onTimer(state: IssueState): Reduced {
  const step = nextStep(state);
  if (step.kind === 'wait') return { state: waitOver(state, step) };
  // The timer was for what is tried again, or for news of checks.
  if (step.kind !== 'hold' && (state.delays !== undefined || state.checks !== undefined)) return { state };
  if (step.kind !== 'hold' || state.held === undefined) return refuse('nothing is waiting for a timer');
  if (step.until === undefined || state.at < step.until) return { state: afterQuiet(state) };
  if (!isRungOver(state)) return { state: withDue(afterQuiet(state), soughtBy(state)) };
  const rung = nextRung(state.held.rung);
  return {
    state: withDue({ ...state, held: { ...state.held, rung } }, READ_BEFORE_A_CALL),
    note: { cause: `no one has acted on ${state.held.name}: ${rung}`, actor: rule('escalation ladder') },
  };
}

/** Only a missing target branch, unfinished checks and what GitHub is to merge are looked for before the rung ends. */
function soughtBy(state: IssueState): readonly Facet[] {
  return ['branch', 'checks', ...(isHandedOver(state) ? (['pull-request'] as const) : [])];
}

/** Quiet hours are over: the news of a night is read before the call. */
function afterQuiet(state: IssueState): IssueState {
  return isCallLate(state) ? withDue(state, READ_BEFORE_A_CALL) : state;
}

/** With delays, the timer may be theirs. */
function waitOver(state: IssueState, step: Extract<Step, { kind: 'wait' }>): IssueState {
  const polled = POLLED_BY[step.for];
  if (polled !== undefined) return state.at >= (step.until ?? 0) ? withDue(state, [polled]) : state;
  const isOver = state.delays === undefined || state.at >= (step.until ?? 0);
  return { ...state, releaseDue: (step.for === 'deployment' && isOver) || state.releaseDue };
}

/** What a look reads when the wait has lasted long enough. */
const POLLED_BY: Readonly<Partial<Record<WaitFor, Facet>>> = { checks: 'checks', merge: 'pull-request' };
