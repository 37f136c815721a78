/** The one thing to do now. Rules are in order of precedence; the first that applies decides. */
import { rule } from './actor.ts';
import { claimBranchName } from './branch.ts';
import { checksReadableAt } from './checks.ts';
import { readable } from './due.ts';
import { ENDING_RULES } from './ending.ts';
import { FAILURES } from './failure.ts';
import { currentRun, mayWrite, stageOf } from './facts.ts';
import { isShut, policyIsStale } from './gate.ts';
import { blockedHold, gateHold, type HoldStep, pausedHold, withLadder } from './hold.ts';
import { adoptStep, foreignHold, withForeign } from './next-step-adopt.ts';
import { delayedFirst } from './next-step-delayed.ts';
import { takenBackFirst } from './next-step-hand-over.ts';
import { publishStep } from './next-step-publish.ts';
import { pullRequestHold } from './next-step-pull-request.ts';
import { releaseStep } from './next-step-release.ts';
import { runStep } from './next-step-run.ts';
import { policyReading, targeted } from './next-step-target.ts';
import { roleIsAtLeast } from './role.ts';
import { isEnd, type EndStage } from './stage.ts';
import type { IssueState } from './state.ts';
import type { Reading } from './state/reading.ts';
import { targetBranch, targetChange, targetHead } from './target.ts';
import { type Effect, type EffectKind, isSameEffect, type Step } from './step.ts';

/** The next effect, hold or wait, or the end of the issue. Pure and total. */
export function nextStep(state: IssueState): Step {
  return takenBackFirst(state, ruledStep(state));
}

function ruledStep(state: IssueState): Step {
  for (const decide of RULES) {
    const step = decide(state);
    if (step?.kind === 'hold') return withLadder(state, step);
    if (step !== undefined) return delayedFirst(state, lookedFirst(state, delayedFirst(state, step)));
  }
  return delayedFirst(state, { kind: 'wait', for: 'look' });
}

type Rule = (state: IssueState) => Step | undefined;

const RULES: readonly Rule[] = [
  ended,
  understood,
  interrupted,
  releaseStep,
  optedIn,
  legible,
  targeted,
  pullRequestHold,
  foreignHold,
  started,
  claimed,
  adoptStep,
  runStep,
  publishStep,
];

/** Effects that people see or pay for. */
const OUTWARD: readonly EffectKind[] = [
  'claim-branch',
  'run-agent',
  'push-commit',
  'publish-evidence',
  'open-pull-request',
  'mark-ready',
  'rerun-check',
  // Others wait for it.
  'join-line',
  'merge',
  'hand-over-merge',
  'close-issue',
];

/** With unread news no outward effect starts; an effect in flight continues until the news is read. */
function lookedFirst(state: IssueState, step: Step): Step {
  if (step.kind !== 'effect' || !OUTWARD.includes(step.effect.kind)) return step;
  const unread = readable(state);
  if (unread.length === 0) return step;
  const inFlight = state.sent !== undefined && isSameEffect(state.sent, step.effect);
  if (inFlight) return step;
  // News of checks alone is read after a pause.
  const at = checksReadableAt(state);
  const isLater = state.at < at && unread.every(facet => facet === 'checks');
  return { kind: 'wait', for: 'look', ...(isLater ? { until: at } : {}) };
}

function effect(what: Effect): Step {
  return { kind: 'effect', effect: what };
}

/** An issue ends when nothing is in flight, the pull request has been read (it may be merged), and the claim is released. */
function ended(state: IssueState): Step | undefined {
  const stage = stageOf(state);
  if (!isEnd(stage) || isCloseOwed(state, stage)) return undefined;
  const { sent } = state;
  const owed = claimOwed(state, stage);
  if (sent !== undefined && sent.kind !== 'release-claim') return { kind: 'wait', for: 'effect' };
  if (stage === 'cancelled' && readable(state).includes('pull-request')) return { kind: 'wait', for: 'look' };
  return owed === undefined ? { kind: 'end', stage } : effect(owed);
}

/** Whether the hold comes from the latest run's result, so that only another run can continue. */
export function heldByRun(state: IssueState): boolean {
  const run = runStep(state);
  const step = nextStep(state);
  if (run?.kind !== 'hold' || step.kind !== 'hold') return false;
  return step.hold.kind === run.hold.kind && step.hold.why.join() === run.hold.why.join();
}

/** Whether the hold asks if the work begins again on another target branch. */
export function asksForTarget(state: IssueState): boolean {
  const [asked, step] = [targeted(state), nextStep(state)];
  if (targetChange(state) === undefined || asked?.kind !== 'hold' || step.kind !== 'hold') return false;
  return step.hold.why.join() === asked.hold.why.join();
}

/** Whether the hold is a question of the agent, which a person can answer. */
export function asksPeople(state: IssueState): boolean {
  const run = currentRun(state);
  return run?.end !== undefined && ENDING_RULES[run.end.ending].asks === true && heldByRun(state);
}

/** Whether the issue must still be closed: closing comes after verification, unless the issue is gone. */
export function isCloseOwed(state: IssueState, stage: EndStage): boolean {
  return stage === 'release-verified' && state.closedAt === undefined && state.gone === undefined;
}

/** An abandoned issue releases its branch, unless it has a pull request. A spike's branch is its result and stays. */
function claimOwed(state: IssueState, stage: EndStage): Effect | undefined {
  const claim = state.claim ?? state.claimSent;
  if (claim === undefined || state.pullRequest !== undefined || state.claimReleased === true)
    return undefined;
  const isResult = stage === 'delivered' && state.pushed !== undefined;
  return stage === 'release-verified' || isResult
    ? undefined
    : { kind: 'release-claim', branch: claim.branch, expected: state.pushed ?? claim.base };
}

/** The policy and the issue must be read before anything is judged. */
function understood(state: IssueState): Step | undefined {
  if (state.blocked !== undefined) return undefined;
  if (state.policy === undefined) return effect(policyReading(state, 'it has not been read yet'));
  if (state.policyDue)
    return effect(
      policyReading(
        state,
        state.adoption === undefined ? 'something may have changed' : 'commits are adopted',
      ),
    );
  if (state.gone === 'not-found' && state.merge === undefined)
    return blockedHold(state, {
      reason: 'the issue is not visible to the GitHub credential',
      fix: FAILURES.GitHubNotFound,
    });
  return state.subject === undefined && state.merge === undefined ? { kind: 'wait', for: 'look' } : undefined;
}

/** A person's request, or a problem that only a person can fix, comes before all work. */
function interrupted(state: IssueState): HoldStep | undefined {
  if (state.paused !== undefined) return pausedHold(state.paused);
  if (state.escalated !== undefined) {
    const { to, reason, by } = state.escalated;
    return {
      kind: 'hold',
      hold: {
        kind: 'escalated',
        who: to,
        what: 'check the issue, then /resume, /retry or /cancel',
        why: [`${by.kind === 'person' ? by.login : 'a rule'}: ${reason}`],
      },
    };
  }
  const { blocked } = state;
  return blocked === undefined
    ? undefined
    : withForeign(
        state,
        blockedHold(state, {
          reason: blocked.reason,
          fix: blocked.mend,
          ...(blocked.wordless === undefined ? {} : { who: blocked.wordless.by }),
        }),
      );
}

/** Removing the opt-in label stops every new effect until someone with permission adds it again. */
function optedIn(state: IssueState): HoldStep | undefined {
  const problem = optInProblem(state);
  if (problem === undefined) return undefined;
  const label = state.policy?.optIn.label ?? '';
  const what = `add the label “${label}” again, or /cancel`;
  const { hold } = pausedHold({ by: rule('opt-in'), reason: problem }, what);
  return { kind: 'hold', hold: { ...hold, because: 'not-opted-in' } };
}

export function optInProblem(state: Reading): string | undefined {
  const { subject, policy } = state;
  if (subject === undefined || policy === undefined) return undefined;
  const { optIn } = subject;
  if (optIn === null) return 'the issue is not opted in';
  if (optIn.by.type !== 'User') return `the opt-in label was added by ${optIn.by.login}, who is not a person`;
  if (optIn.role.kind === 'unreadable') return `cannot read the role of ${optIn.by.login}: ${optIn.role.why}`;
  return roleIsAtLeast(optIn.role.role, policy.optIn.roleMin)
    ? undefined
    : `${optIn.by.login} is not allowed to opt in (role ${optIn.role.role})`;
}

/** A text that would take too long to read is not read, so that no other issue waits for it. An edit ends the hold. */
function legible(state: IssueState): HoldStep | undefined {
  const { author, contract } = state.subject ?? {};
  if (contract?.unread === undefined) return undefined;
  const fix = 'edit the issue: keep what the contract needs, and put logs into code blocks or files';
  return blockedHold(state, {
    reason: contract.unread,
    fix,
    ...(author === undefined ? {} : { who: author }),
  });
}

function started(state: IssueState): HoldStep | undefined {
  return isShut(state, 'start') ? gateHold(state, 'start') : undefined;
}

/**
 * The claim starts from the current target branch. After an approval the policy and the base are read again, and a changed
 * policy voids the approval through its digest.
 */
function claimed(state: IssueState): Step | undefined {
  if (!mayWrite(state) || state.claim !== undefined) return undefined;
  const { repository, subject, generation, issue } = state;
  if (repository === undefined || subject === undefined) return undefined;
  if (policyIsStale(state)) return effect(policyReading(state, 'it was last read before the approval'));
  const base = targetHead(repository);
  const into = targetBranch(state);
  if (base === undefined) return undefined;
  const branch = claimBranchName({ issueNumber: issue.number, generation }, subject.title);
  // A claim that may already exist is requested again with the same name and base, even if title or base have changed.
  return effect({
    kind: 'claim-branch',
    ...(state.claimSent ?? { branch, base, ...(into === undefined ? {} : { into }) }),
  });
}
