/**
 * A merge that is handed over to GitHub: the effect, the wait, and the hold when GitHub gives it back. What was handed over
 * is taken back before anything else happens to the change.
 */
import { handOverLateAt, handOverPolledAt, isHandedOver, WAY_WORDS } from './hand-over.ts';
import { blockedHold, type HoldStep } from './hold.ts';
import { delayedFirst } from './next-step-delayed.ts';
import type { IssueState } from './state.ts';
import type { MergeHandOver } from './state/publication.ts';
import type { Effect, Step } from './step.ts';

type Plan = Omit<Extract<Effect, { kind: 'hand-over-merge' }>, 'kind' | 'way'>;

/** Undefined where the scheduler merges itself. */
export function handOverStep(state: IssueState, plan: Plan): Step | undefined {
  const way = state.policy?.merge.handOver;
  const { handOver } = state;
  if (way === undefined) return undefined;
  if (handOver?.head !== plan.head || handOver.isSent === true)
    return { kind: 'effect', effect: { kind: 'hand-over-merge', way, ...plan } };
  if (handOver.isNeedless === true) return undefined;
  if (handOver.returned !== undefined) return returnedHold(state, handOver, handOver.returned);
  const until = handOverPolledAt(state, handOver);
  return state.at < handOverLateAt(handOver)
    ? { kind: 'wait', for: 'merge', until: Math.min(until, handOverLateAt(handOver)) }
    : { ...lateHold(state, handOver), until };
}

/** Once for each head: what made GitHub give it back would do so again. */
function returnedHold(state: IssueState, { way }: MergeHandOver, why: string): HoldStep {
  return blockedHold(state, {
    reason: `${WAY_WORDS[way]} gave pull request #${state.pullRequest?.number ?? 0} back: ${why}`,
    fix: 'fix the cause, then /retry to hand it over again; or ask for changes in a review, or /cancel',
  });
}

function lateHold(state: IssueState, { way }: MergeHandOver): HoldStep {
  return blockedHold(state, {
    reason: lateReason(state, way),
    fix: 'look at the pull request for what GitHub waits for (this hold ends when it is merged), or /pause to take it back',
  });
}

function lateReason(state: IssueState, way: MergeHandOver['way']): string {
  return `${WAY_WORDS[way]} has not merged pull request #${state.pullRequest?.number ?? 0} within a day`;
}

/**
 * GitHub would merge it while people have paused, rejected or cancelled, or while another attempt runs: it is taken back
 * first. That is sent even with unread news, because it only stops something.
 */
export function takenBackFirst(state: IssueState, step: Step): Step {
  if (state.sent?.kind === 'take-back-merge') return { kind: 'effect', effect: state.sent };
  if (!isHandedOver(state) || state.handOver.stuck !== undefined || isWanted(state, step)) return step;
  const { way, head } = state.handOver;
  const number = state.pullRequest?.number ?? 0;
  return delayedFirst(state, { kind: 'effect', effect: { kind: 'take-back-merge', way, number, head } });
}

/** Whether the step leaves what was handed over where it is. */
function isWanted(state: IssueState & { readonly handOver: MergeHandOver }, step: Step): boolean {
  switch (step.kind) {
    case 'wait':
      return true;
    case 'effect':
      return step.effect.kind === 'read-policy' || step.effect.kind === 'hand-over-merge';
    case 'hold':
      return step.hold.kind === 'delayed' || step.hold.why[0] === lateReason(state, state.handOver.way);
    case 'end':
      return false;
  }
}
