/** CI's results as a look found them. What failed and is the fault of the change becomes the input of the next attempt. */
import { rule } from '../actor.ts';
import type { ObservedChecks } from '../check-report.ts';
import { areChecksReadable, asksForChecks, checksVerdict, type JudgedCheck } from '../checks.ts';
import { checksText, flakyText } from '../checks-text.ts';
import { withDue } from '../due.ts';
import { currentChange, currentRun } from '../facts.ts';
import { omit } from '../omit.ts';
import type { IssueState } from '../state.ts';
import type { CiFailure } from '../state/checks.ts';
import { chain, type FactOf, type Note, type Noted, type Reduced } from './result.ts';

const CI = { kind: 'outside', what: 'CI' } as const;
/** Required checks can be many; the next attempt gets the first ones. */
const FAILED_MAX = 20;
const RERUNS_MAX = 200;

/** Results of another commit say nothing about this one. */
export function onChecks(state: IssueState, found: ObservedChecks | undefined): Noted {
  if (found === undefined || found.head !== currentChange(state)?.commit) return { state };
  const before = state.checks?.head === found.head ? state.checks : undefined;
  const { since = state.at, times = 0 } = before ?? {};
  const read: IssueState = { ...state, checks: { ...found, since, readAt: state.at, times: times + 1 } };
  return chain(noted(state, withThreadsDue(read), found.head), withFailed);
}

/** Whether conversations are resolved is read with the pull request, once a rule asks for it. */
function withThreadsDue(state: IssueState): IssueState {
  const isUnread = state.pullRequest?.unresolvedThreads === undefined;
  return state.checks?.rules?.threadsResolved === true && isUnread ? withDue(state, ['pull-request']) : state;
}

/** A change of the verdict is recorded, with the checks that it is about. */
function noted(before: IssueState, state: IssueState, head: string): Noted {
  const cause = causeOf(state);
  if (cause === undefined || cause === causeOf(before)) return { state };
  return { state, note: noteOf(head, cause) };
}

function noteOf(head: string, cause: string): Note {
  return { cause, actor: CI, digests: { head } };
}

function causeOf(state: IssueState): string | undefined {
  const verdict = checksVerdict(state);
  switch (verdict.kind) {
    case 'passed':
      return passedCause(verdict.checks);
    case 'broken':
      return `required checks fail on the base too: ${checksText(verdict.checks)}`;
    case 'rerun':
    case 'unclear':
      return `required checks failed: ${checksText(verdict.checks)}`;
    default:
      return undefined;
  }
}

function passedCause(checks: readonly JudgedCheck[]): string | undefined {
  if (checks.length === 0) return undefined;
  const flaky = checks.filter(({ isFlaky }) => isFlaky).map(({ name }) => name);
  return `the required checks passed${flaky.length === 0 ? '' : `; ${flakyText(flaky)}`}`;
}

function withFailed(state: IssueState): Noted {
  const verdict = checksVerdict(state);
  if (verdict.kind === 'passed') return { state: withoutFailed(state) };
  return verdict.kind === 'failed' ? failedNow(state, verdict.checks) : { state };
}

/** Each head fails once: its run no longer counts, and the next attempt gets what CI said. */
function failedNow(state: IssueState, failed: readonly JudgedCheck[]): Noted {
  const run = currentRun(state);
  const { head = '' } = state.checks ?? {};
  const before = state.failedInCi;
  if (run === undefined || before?.head === head) return { state };
  const { attempt } = run;
  const reason = `required checks failed on ${head.slice(0, 12)}: ${checksText(failed)}`;
  const checks = failed.slice(0, FAILED_MAX).map(failedCheck);
  const told = { ...state, rejections: [...state.rejections, { attempt, reason }] };
  if (run.adopted === undefined)
    return {
      state: { ...told, failedInCi: { attempt, head, checks } },
      note: noteOf(head, `${reason}; another attempt gets their output`),
    };
  const kept = { ...told, failedInCi: { attempt: before?.attempt ?? 0, head, checks } };
  return {
    state: { ...kept, blocked: { reason, mend: OF_ADOPTED, since: state.at, anew: true } },
    note: noteOf(head, `${reason}, on commits that a person adopted`),
  };
}

/** No agent may replace what people did without a word of theirs. */
const OF_ADOPTED =
  'push a fix and /adopt the new head; or /retry for a new attempt of the agent without the adopted commits';

/** What failed on an earlier head passes now, and is no feedback any more. */
function withoutFailed(state: IssueState): IssueState {
  const { failedInCi } = state;
  return failedInCi === undefined ? state : { ...state, failedInCi: { ...failedInCi, checks: [] } };
}

function failedCheck({ name, detail, report }: JudgedCheck): CiFailure {
  return { name, detail, ...(report?.output === undefined ? {} : { output: report.output }) };
}

export function onCheckRerun(state: IssueState, event: FactOf<'check-rerun'>): Reduced {
  const { head, name, attempt, problem } = event;
  const known = (state.reruns ?? []).filter(rerun => rerun.head === head);
  const rerun = { head, name, attempt, at: state.at, ...(problem === undefined ? {} : { problem }) };
  const next = withDue({ ...state, reruns: [...known, rerun].slice(-RERUNS_MAX) }, ['checks']);
  const cause = problem === undefined ? 'runs again' : `cannot be run again: ${problem}`;
  return {
    state: next,
    note: { cause: `the failed check ${name} ${cause}`, actor: rule('checks'), digests: { head } },
  };
}

/** The head is new, or the policy or the rules may ask for more: its checks are read. */
export function withChecksDue(state: IssueState): IssueState {
  return areChecksReadable(state) && checksVerdict(state).kind === 'unread'
    ? withDue(state, ['checks'])
    : state;
}

/** A person asks once more: CI is read as if for the first time, and what fails on the base too is up to the agent. */
export function withChecksAgain(state: IssueState): IssueState {
  if (!asksForChecks(state)) return state;
  const { checks } = state;
  const isBroken = checksVerdict(state).kind === 'broken';
  const taken = isBroken && checks !== undefined ? { brokenTaken: checks.head } : {};
  return withDue({ ...omit(state, 'checks'), ...taken }, ['checks']);
}
