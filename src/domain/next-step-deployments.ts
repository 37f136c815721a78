/** Before the merge gate: waits for the deployments of the head that a rule of the target branch requires, or asks a person. */
import type { ObservedDeployment } from './check-report.ts';
import { checksLateAt, checksPolledAt } from './checks.ts';
import { checksText } from './checks-text.ts';
import { blockedHold, type HoldStep } from './hold.ts';
import { openDeployments } from './merge-obstacle.ts';
import type { IssueState } from './state.ts';
import type { Step } from './step.ts';

export function deploymentsStep(state: IssueState): Step | undefined {
  const open = openDeployments(state);
  if (open.length === 0) return undefined;
  const failed = open.filter(({ state: is }) => is === 'failed');
  if (failed.length > 0) return asked(state, 'the head could not be deployed', failed);
  const lateAt = checksLateAt(state);
  if (state.at >= lateAt) return asked(state, 'the head was not deployed within checks.patience', open);
  return { kind: 'wait', for: 'checks', until: Math.min(checksPolledAt(state), lateAt) };
}

/** It is read again with the checks, and ends by itself. */
function asked(state: IssueState, what: string, open: readonly ObservedDeployment[]): HoldStep {
  const held = blockedHold(state, {
    reason: `${what}, which a rule of the target branch requires: ${checksText(open)}`,
    fix: 'deploy the head to these environments (this hold then ends by itself); /retry waits once more, or /cancel',
  });
  return { ...held, until: checksPolledAt(state) };
}
