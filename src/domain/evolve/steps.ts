/** How steps begin, fail and are called off, and what a timer does. */
import { actorName, rule } from '../actor.ts';
import { withDue } from '../due.ts';
import type { EventBody } from '../event.ts';
import { type FailureName, mendFor } from '../failure.ts';
import { nextRung } from '../hold.ts';
import { nextStep } from '../next-step.ts';
import { omit } from '../omit.ts';
import type { IssueState } from '../state.ts';
import type { Effect } from '../step.ts';
import { type Noted, type Reduced, refuse } from './result.ts';

type EffectOf<K extends Effect['kind']> = Extract<Effect, { kind: K }>;
type Failed = Extract<EventBody, { type: 'step-failed' }>;

/** What is asked for is remembered until its outcome is known: it may happen even when no answer comes. */
export function onStepStarted(state: IssueState, effect: Effect): Reduced {
  if (state.sent !== undefined) return refuse(`${state.sent.kind} is under way`);
  const sent: IssueState = { ...state, sent: effect };
  switch (effect.kind) {
    case 'claim-branch':
      return { state: { ...sent, claimSent: { branch: effect.branch, base: effect.base } } };
    case 'push-commit':
      return { state: { ...sent, pushSent: effect.commit } };
    case 'merge':
      return { state: { ...sent, mergeSent: { head: effect.head, by: effect.approval.by } } };
    case 'run-agent':
      return startRun(sent, effect);
    default:
      return { state: sent };
  }
}

function startRun(state: IssueState, effect: EffectOf<'run-agent'>): Reduced {
  const { runId, attempt, mode, inputs, feedback, costUsdMax } = effect;
  if (state.runs.some(run => run.runId === runId)) return { state };
  const run = {
    runId,
    attempt,
    mode,
    inputs,
    startedAt: state.at,
    costUsdMax,
    ...(feedback === undefined ? {} : { feedback }),
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

/** A permanent failure needs a person; which one and for what is named by the failure. The world is looked at again. */
export function onStepFailed(state: IssueState, event: Failed): Reduced {
  const { effect } = event;
  if (state.sent?.kind !== effect.kind) return refuse(`no ${effect.kind} is under way`);
  const ended = withDue(omit(state, 'sent'), ['issue', 'pull-request']);
  if (effect.kind === 'release-claim') return leaveBranch(ended, event);
  if (effect.kind === 'merge' && LOST_APPROVAL.includes(event.failure))
    return unapprove(ended, effect, event);
  return blockOn(isTaken(event) ? omit(ended, 'claimSent') : ended, event);
}

/** The merge found that its approval does not count any more. */
const LOST_APPROVAL: readonly string[] = ['ApproverLostRole', 'ReviewDismissed'] satisfies FailureName[];

/** Only the claim itself can find that the branch is of others: whatever else fails, what we made is still ours. */
function isTaken({ effect, failure }: Failed): boolean {
  return effect.kind === 'claim-branch' && failure === 'BranchTaken';
}

function blockOn(state: IssueState, { effect, failure, message }: Failed): Noted {
  const reason = `${effect.kind} failed: ${message}`;
  // Only another run brings back what the artifact store lost of this one.
  const anew = failure === 'ArtifactMissing' ? { anew: true } : {};
  return {
    state: { ...state, blocked: { reason, mend: mendFor(failure), since: state.at, ...anew } },
    note: { cause: reason, actor: { kind: 'outside', what: failure } },
  };
}

/** The life is over, so nobody is held up: a branch that may not be deleted is left to people. */
function leaveBranch(state: IssueState, { failure, message }: Failed): Noted {
  return {
    state: { ...state, claimReleased: true },
    note: {
      cause: `the claim branch is left to people: ${message}`,
      actor: { kind: 'outside', what: failure },
    },
  };
}

/** An approval counts as long as its giver may give it and stands by it: else the gate is asked again. */
function unapprove(state: IssueState, effect: EffectOf<'merge'>, { failure, message }: Failed): Noted {
  const { by, digest } = effect.approval;
  const mayNot = actorName(by);
  const approvals = state.approvals.filter(
    ({ digest: of, by: giver }) => of !== digest || actorName(giver) !== mayNot,
  );
  return {
    state: { ...state, approvals, refusedDecision: { by: mayNot, kind: 'approve', why: message } },
    note: {
      cause: `the approval of ${mayNot} counts no longer: ${message}`,
      actor: { kind: 'outside', what: failure },
    },
  };
}

export function onUpkeepFailed(
  state: IssueState,
  event: Extract<EventBody, { type: 'upkeep-failed' }>,
): Reduced {
  const reason = `${event.upkeep} failed: ${event.message}`;
  return {
    state: {
      ...state,
      upkeepStopped: true,
      archiveStopped: state.archiveStopped || event.upkeep === 'archive-audit',
      blocked: { reason, mend: mendFor(event.failure), since: state.at },
    },
    note: { cause: reason, actor: { kind: 'outside', what: event.failure } },
  };
}

export function onStepCancelled(state: IssueState, effect: Effect): Reduced {
  if (state.sent?.kind !== effect.kind) return refuse(`no ${effect.kind} is under way`);
  const ended = omit(state, 'sent');
  const isPush = effect.kind === 'push-commit' && state.pullRequest !== undefined;
  return {
    // It may have been done all the same: the look that shows it comes before all else.
    state: isPush ? withDue(ended, ['pull-request']) : ended,
    note: { cause: `${effect.kind} was called off: its reason had changed`, actor: rule('lifecycle') },
  };
}

/** Lost with its host: the same step is simply due again, until hosts are lost too often to go on unasked. */
export function onStepLost(state: IssueState, effect: Effect): Reduced {
  if (state.sent?.kind !== effect.kind) return refuse(`no ${effect.kind} is under way`);
  const ended = omit(state, 'sent');
  const verificationsLost = state.verificationsLost + 1;
  const note = { cause: `${effect.kind} was lost with its host`, actor: rule('run limits') };
  const limit = state.policy?.limits.lostRunsMax ?? 0;
  if (verificationsLost < limit) return { state: { ...ended, verificationsLost }, note };
  const blocked = {
    reason: `${effect.kind} was lost with its host ${verificationsLost} times`,
    mend: mendFor('RunnerFailed'),
    since: state.at,
  };
  return { state: { ...ended, verificationsLost: 0, blocked }, note };
}

/** A timer climbs the ladder of a hold, or has the world looked at again. Nobody is reminded without a fresh look. */
export function onTimer(state: IssueState): Reduced {
  const step = nextStep(state);
  if (step.kind === 'wait')
    return { state: { ...state, releaseDue: step.for === 'deployment' || state.releaseDue } };
  if (step.kind !== 'hold' || state.held === undefined) return refuse('nothing was waited for');
  if (step.until === undefined || state.at < step.until) return { state };
  const rung = nextRung(state.held.rung);
  return {
    state: withDue({ ...state, held: { ...state.held, rung } }, ['issue', 'comments', 'pull-request']),
    note: { cause: `nobody has acted on ${state.held.name}: ${rung}`, actor: rule('escalation ladder') },
  };
}
