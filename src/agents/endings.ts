/** Endings common to all agents: the exit and the model gateway's account decide before the agent's output does. */
import { parseReport } from '../contracts/agent-report.ts';
import {
  shortText,
  type AgentEnding,
  type AgentFailure,
  type FailureCause,
  type FinishedRun,
} from './adapter.ts';

const DETAIL_MAX = 500;

const kinds: Readonly<Record<FailureCause, AgentFailure>> = {
  'over-budget': 'over-budget',
  refused: 'model-refused',
  'upstream-unreachable': 'model-unreachable',
  'upstream-timeout': 'model-unreachable',
  'upstream-overloaded': 'model-overloaded',
  'upstream-quota': 'model-refused',
  'upstream-rejected': 'model-refused',
  'upstream-key-refused': 'model-refused',
  'stream-cut': 'model-unreachable',
  'no-message': 'no-report',
  'box-failed': 'sandbox-broken',
  'bad-invocation': 'could-not-start',
  killed: 'crashed',
  crashed: 'crashed',
};

/** The report in the agent's last message, or why it is not a report. */
export function reportEnding(lastMessage: string): AgentEnding {
  const parsed = parseReport(lastMessage);
  if (parsed.ok) return { kind: 'reported', report: parsed.report };
  return { kind: 'report-invalid', problem: parsed.problem, detail: parsed.detail };
}

export function failure(cause: FailureCause, detail: string): AgentEnding {
  return { kind: kinds[cause], cause, detail: shortText(detail, DETAIL_MAX) };
}

/**
 * For runs that did not exit with 0. The gateway takes precedence: only it knows what it refused, and why. A box that
 * did not start is reported by the runner, so no output can fake one.
 */
export function endingFromOutside(run: FinishedRun, detail: string): AgentEnding | undefined {
  if (run.gateway?.overBudget === true)
    return failure('over-budget', detail || 'the budget of the run is used up');
  if (wasKilled(run.exit)) return failure('killed', `ended by ${exitText(run.exit)}`);
  const problem = run.gateway?.lastProblem ?? null;
  return problem === null ? undefined : failure(problem, detail);
}

export function exitText(exit: FinishedRun['exit']): string {
  return exit.signal ?? `exit ${exit.code ?? '?'}`;
}

export function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? '';
}

function wasKilled(exit: FinishedRun['exit']): boolean {
  return exit.signal !== null || exit.code === 137 || exit.code === 143;
}
