/** Endings that every agent shares: what the exit and the model gateway's account say, before the agent's own words are read. */
import { parseReport } from '../contracts/agent-report.ts';
import {
  shortText,
  type AgentEnding,
  type AgentFailure,
  type FailureCause,
  type FinishedRun,
} from './adapter.ts';

const detailMax = 500;

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

/** The report in the agent's last words, or why they are none. */
export function reportEnding(words: string): AgentEnding {
  const parsed = parseReport(words);
  if (parsed.ok) return { kind: 'reported', report: parsed.report };
  return { kind: 'report-invalid', problem: parsed.problem, detail: parsed.detail };
}

export function failure(cause: FailureCause, detail: string): AgentEnding {
  return { kind: kinds[cause], cause, detail: shortText(detail, detailMax) };
}

/**
 * For runs that did not exit with 0. The gateway's word comes first: only it knows what it refused, and why. A box that
 * could not start is the runner's to name: nothing that is printed can look like one.
 */
export function endingFromOutside(run: FinishedRun, words: string): AgentEnding | undefined {
  if (run.gateway?.overBudget === true)
    return failure('over-budget', words || 'the budget of the run is spent');
  if (wasKilled(run.exit)) return failure('killed', `ended by ${exitText(run.exit)}`);
  const problem = run.gateway?.lastProblem ?? null;
  return problem === null ? undefined : failure(problem, words);
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
