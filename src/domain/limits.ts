/** All limits of a run, a change and an issue: the policy field, the result, and what follows. */
import type { Ending } from './ending.ts';
import { ENDING_RULES } from './ending.ts';
import { runsCounted, spentUsd } from './facts.ts';
import { FAILURES } from './failure.ts';
import type { Policy } from './policy.ts';
import type { IssueState } from './state.ts';

/** Enforced by the runner; the run ends with that ending. */
export interface RunLimit {
  readonly name: string;
  readonly field: string;
  readonly of: string;
  readonly ending: Ending;
}

export const RUN_LIMITS: readonly RunLimit[] = [
  { name: 'silence', field: 'limits.silence', of: 'time without a byte of output', ending: 'silence' },
  {
    name: 'no progress',
    field: 'limits.noProgress',
    of: 'time without a command, a change or a message',
    ending: 'no-progress',
  },
  { name: 'wall clock', field: 'limits.wallClock', of: 'time of a run', ending: 'wall-clock' },
  {
    name: 'tokens of a run',
    field: 'limits.tokens',
    of: 'tokens, as counted by the model gateway',
    ending: 'over-budget',
  },
  {
    name: 'money of a run',
    field: 'limits.costUsd',
    of: 'money, as counted by the model gateway; at most what is left of the issue’s budget',
    ending: 'over-budget',
  },
];

/** Enforced here: checked before each run starts. */
export interface IssueLimit {
  readonly name: string;
  readonly field: string;
  readonly of: string;
  readonly used: (state: IssueState) => number;
  readonly max: (limits: Policy['limits']) => number;
  readonly reason: (max: number, state: IssueState) => string;
  readonly fix: string;
}

const AS_MANY_AGAIN = '/retry to allow the same number again, or /cancel';

/** In the order of the checks. A retry resets the counts of runs, never the money. */
export const ISSUE_LIMITS: readonly IssueLimit[] = [
  {
    name: 'money of an issue',
    field: 'limits.costUsdPerIssue',
    of: 'money of all its runs: reserved before a run, settled after it; a lost run counts with its full budget',
    used: spentUsd,
    max: limits => limits.costUsdPerIssueMax,
    reason: max => `the issue's budget of ${max} USD is used up`,
    fix: 'raise limits.costUsdPerIssue in the policy, then /retry; or /cancel',
  },
  {
    name: 'attempts',
    field: 'limits.attempts',
    of: 'runs that ended on their own',
    used: state => runsCounted(sinceSetAside(state), 'own'),
    max: limits => limits.attemptsMax,
    reason: (max, state) => `${max} attempts are used up${lastly(state)}`,
    fix: AS_MANY_AGAIN,
  },
  {
    name: 'lost runs',
    field: 'limits.lostRuns',
    of: 'runs that were lost with their hosts',
    used: state => runsCounted(sinceSetAside(state), 'lost'),
    max: limits => limits.lostRunsMax,
    reason: max => `${max} runs were lost with their hosts`,
    fix: AS_MANY_AGAIN,
  },
];

export interface ChangeLimit {
  readonly name: string;
  readonly field: string;
  readonly of: string;
  readonly comesTo: string;
  readonly next: string;
}

/** Enforced by the runner and the scheduler when they build and verify the change. */
export const CHANGE_LIMITS: readonly ChangeLimit[] = [
  {
    name: 'files of a change',
    field: 'change.files',
    of: 'changed files',
    comesTo: 'the change is refused',
    next: 'hold `blocked`: `/retry` for a new attempt, or `/cancel`',
  },
  {
    name: 'bytes of a change',
    field: 'change.bytes',
    of: 'bytes of a file, and of all files together',
    comesTo: 'the change is refused',
    next: 'hold `blocked`: `/retry` for a new attempt, or `/cancel`',
  },
  {
    name: 'bytes of the history',
    field: 'workspace.historyBytes',
    of: 'bytes of the history of the base, as git packs it; none with `workspace.history: shallow`',
    comesTo: 'the run could not start',
    next: `hold \`blocked\`: ${FAILURES.HistoryTooLarge}`,
  },
  {
    name: 'time of a check',
    field: 'verification.timeout',
    of: 'time of each verification command',
    comesTo: 'the check fails',
    next: 'the publish gate opens',
  },
  {
    name: 'time of a set-up',
    field: 'setup.timeout',
    of: 'time of each set-up command',
    comesTo: 'failure `SetUpFailed`',
    next: `hold \`blocked\`: ${FAILURES.SetUpFailed}`,
  },
  {
    name: 'lost verifications',
    field: 'limits.lostRuns',
    of: 'verifications of one change that were lost with their hosts',
    comesTo: 'no further verification starts',
    next: `hold \`blocked\`: ${FAILURES.RunnerFailed}`,
  },
];

export interface LimitProblem {
  readonly reason: string;
  readonly fix: string;
}

/** The first limit of the issue that prevents another run. */
export function limitProblem(state: IssueState): LimitProblem | undefined {
  const limits = state.policy?.limits;
  if (limits === undefined) return undefined;
  for (const { used, max, reason, fix } of ISSUE_LIMITS)
    if (used(state) >= max(limits)) return { reason: reason(max(limits), state), fix };
  return undefined;
}

function sinceSetAside(state: IssueState): IssueState {
  return { ...state, runs: state.runs.filter(run => run.attempt > state.setAsideTo) };
}

function lastly(state: IssueState): string {
  const end = state.runs.at(-1)?.end;
  return end === undefined ? '' : ` (last: ${ENDING_RULES[end.ending].meaning})`;
}
