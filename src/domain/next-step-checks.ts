/** Before the merge gate: waits for the required checks of the head, runs a failed one again, or asks a person. */
import {
  type ChecksVerdict,
  checksLateAt,
  checksPolledAt,
  checksVerdict,
  type JudgedCheck,
} from './checks.ts';
import { checksText } from './checks-text.ts';
import { blockedHold, type HoldStep } from './hold.ts';
import type { IssueState } from './state.ts';
import type { Step } from './step.ts';

export function checksStep(state: IssueState): Step | undefined {
  const verdict = checksVerdict(state);
  switch (verdict.kind) {
    case 'none':
    case 'passed':
      return undefined;
    case 'waiting':
      return waitUntil(Math.min(checksPolledAt(state), checksLateAt(state)));
    // The next reading of what failed makes it the input of another attempt.
    case 'failed':
    case 'unread':
      return waitUntil(checksPolledAt(state));
    case 'rerun':
      return rerunStep(state, verdict.checks[0]);
    case 'late':
    case 'unclear':
    case 'broken':
      return asked(state, HOLDS[verdict.kind](verdict.checks));
  }
}

function waitUntil(until: number): Step {
  return { kind: 'wait', for: 'checks', until };
}

function rerunStep(state: IssueState, { name, report }: JudgedCheck): Step | undefined {
  const head = state.pushed;
  if (head === undefined || report === undefined) return undefined;
  const { id, attempt, app } = report;
  return {
    kind: 'effect',
    effect: { kind: 'rerun-check', head, name, id, attempt, ...(app === undefined ? {} : { app }) },
  };
}

type Asking = Extract<ChecksVerdict['kind'], 'late' | 'unclear' | 'broken'>;
type Problem = Parameters<typeof blockedHold>[1];

const HOLDS: Readonly<Record<Asking, (checks: readonly JudgedCheck[]) => Problem>> = {
  late: checks => ({
    reason: `required checks have not finished within checks.patience: ${checksText(checks)}`,
    fix: 'check that something reports them under exactly these names; /retry waits once more, or /cancel',
  }),
  unclear: checks => ({
    reason: `required checks ended without a verdict: ${checksText(checks)}`,
    fix: 'run them again on GitHub (this hold then ends by itself), or /cancel',
  }),
  broken: checks => ({
    reason: `required checks fail on the base too (broken before): ${checksText(checks)}`,
    fix: 'fix the target branch and run them again on GitHub; or /retry to let the agent fix them in this change, or /cancel',
  }),
};

/** The hold ends by itself when CI says something else, so CI is still read. */
function asked(state: IssueState, problem: Problem): HoldStep {
  return { ...blockedHold(state, problem), until: checksPolledAt(state) };
}
