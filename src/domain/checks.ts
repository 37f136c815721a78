/** CI's verdict on the head of the pull request: what is required, what was reported, and what follows from it. Pure. */
import type { CheckState, ReportedCheck, RequiredCheck } from './check-report.ts';
import { delayNow } from './delay.ts';
import { currentChange } from './facts.ts';
import { CHECKS_PATIENCE_MS } from './policy.ts';
import { pollMs } from './poll.ts';
import type { IssueState } from './state.ts';
import type { CheckRerun, ChecksRead } from './state/checks.ts';

/** A required check and what its reports say together. */
export interface JudgedCheck {
  readonly name: string;
  readonly state: CheckState;
  readonly detail: string;
  /** The report that decided; absent if nobody reported it. */
  readonly report?: ReportedCheck;
  /** It failed, and passed when it was run again. */
  readonly isFlaky: boolean;
}

export type ChecksVerdict =
  /** Nothing is required, or there is no change that could be checked. */
  | { readonly kind: 'none' }
  | { readonly kind: 'unread' }
  | {
      readonly kind: 'passed' | 'waiting' | 'late' | 'unclear' | 'broken' | 'failed';
      readonly checks: readonly JudgedCheck[];
    }
  /** A check failed that was not run again yet. */
  | { readonly kind: 'rerun'; readonly checks: readonly [JudgedCheck, ...JudgedCheck[]] };

/** An App need not react when its check is asked to run again. */
const RERUN_PATIENCE_MS = 15 * 60_000;
const CHECKS_POLL_MS = { min: 60_000, max: 30 * 60_000 } as const;
/** CI reports each of its jobs: the more often the checks of a head were read, the longer is the pause. */
const READ_PAUSE_MS = { step: 1_000, max: 30_000 } as const;

/** Whether the policy or a rule of the target branch may require a check. Nothing is read where neither does. */
export function asksForChecks({ policy, repository }: Pick<IssueState, 'policy' | 'repository'>): boolean {
  const { isProtected } = repository?.target ?? repository ?? {};
  return isProtected === true || (policy?.checks?.required ?? []).length > 0;
}

/** Whether the checks of the head can be worth a request: of a head for which nothing is required they are read once. */
export function areChecksReadable(state: IssueState): boolean {
  const { pullRequest, merge } = state;
  if (pullRequest === undefined || merge !== undefined || !asksForChecks(state)) return false;
  const head = headOf(state);
  const read = head === undefined ? undefined : readOf(state, head);
  return head !== undefined && (read?.required.length !== 0 || read.rules !== undefined);
}

/** No look reads them before, in epoch milliseconds: news of one head comes in great numbers. */
export function checksReadableAt(state: IssueState): number {
  const read = readNow(state);
  return read === undefined ? 0 : read.readAt + Math.min(READ_PAUSE_MS.max, read.times * READ_PAUSE_MS.step);
}

/** When they are read without news, in epoch milliseconds. A look that is delayed is not made before its time. */
export function checksPolledAt(state: IssueState): number {
  const { readAt = state.at, since = state.at } = readNow(state) ?? {};
  const polledAt = readAt + pollMs(readAt - since, CHECKS_POLL_MS);
  return Math.max(polledAt, delayNow(state, 'look')?.until ?? 0);
}

/** When unfinished checks become a hold, in epoch milliseconds. */
export function checksLateAt(state: IssueState): number {
  return (readNow(state)?.since ?? state.at) + (state.policy?.checks?.patienceMs ?? CHECKS_PATIENCE_MS);
}

export function checksVerdict(state: IssueState): ChecksVerdict {
  if (headOf(state) === undefined || !asksForChecks(state)) return { kind: 'none' };
  const read = readNow(state);
  if (read === undefined) return { kind: 'unread' };
  const checks = judged(state, read);
  const unfinished = checks.filter(check => check.state === 'pending');
  const isLate = state.at >= checksLateAt(state);
  if (unfinished.length > 0 && !isLate) return { kind: 'waiting', checks: unfinished };
  const failed = checks.filter(check => check.state === 'failed');
  if (failed.length > 0) return failedVerdict(state, read, failed);
  if (unfinished.length > 0) return { kind: 'late', checks: unfinished };
  const unclear = checks.filter(check => check.state === 'unclear');
  return unclear.length > 0 ? { kind: 'unclear', checks: unclear } : { kind: 'passed', checks };
}

/** What fails on the base as well is not the fault of the change, and what is run again may pass: neither costs an attempt. */
function failedVerdict(
  state: IssueState,
  { head, failingOnBase = [] }: ChecksRead,
  failed: readonly JudgedCheck[],
): ChecksVerdict {
  const broken = failed.filter(({ name }) => failingOnBase.includes(name));
  if (broken.length > 0 && state.brokenTaken !== head) return { kind: 'broken', checks: broken };
  const [first, ...more] = failed.filter(check => mayRunAgain(state, check));
  return first === undefined
    ? { kind: 'failed', checks: failed }
    : { kind: 'rerun', checks: [first, ...more] };
}

/** A commit status belongs to no run that GitHub could start again. */
function mayRunAgain(state: IssueState, { name, report }: JudgedCheck): boolean {
  return (
    state.policy?.checks?.rerun !== false &&
    report?.source === 'check-run' &&
    rerunOf(state, name) === undefined
  );
}

/** All required checks of the head as last read; empty before that. */
export function judgedChecks(state: IssueState): readonly JudgedCheck[] {
  const read = readNow(state);
  return read === undefined || !asksForChecks(state) ? [] : judged(state, read);
}

function judged(state: IssueState, read: ChecksRead): readonly JudgedCheck[] {
  const { required, reported, unreadable } = read;
  return required.flatMap(check => {
    const reports = reported.filter(report => counts(report, check, state.policy?.checks?.apps));
    if (reports.length > 0) return [together(state, check, reports)];
    if (unreadable === undefined) return [unreported(check, 'pending', 'not reported yet')];
    // GitHub enforces the rules of its branch itself.
    return check.byPolicy === true ? [unreported(check, 'unclear', unreadable)] : [];
  });
}

function unreported({ name }: RequiredCheck, state: CheckState, detail: string): JudgedCheck {
  return { name, state, detail, isFlaky: false };
}

function counts(
  report: ReportedCheck,
  { name, appId }: RequiredCheck,
  apps: readonly string[] | undefined,
): boolean {
  if (report.name !== name) return false;
  if (apps !== undefined && (report.app === undefined || !apps.includes(report.app))) return false;
  return appId === undefined || report.source === 'status' || report.appId === appId;
}

/** What is unfinished comes first: a later report may change the rest. */
const WORST_FIRST: readonly CheckState[] = ['pending', 'failed', 'unclear', 'passed'];

/** Several Apps may report the same name: all of them must pass. */
function together(
  state: IssueState,
  { name }: RequiredCheck,
  reports: readonly ReportedCheck[],
): JudgedCheck {
  const seen = reports.map(report => ({ report, ...stateNow(state, report) }));
  const worst = seen.reduce((one, other) => (rank(other.state) < rank(one.state) ? other : one));
  const rerun = rerunOf(state, name);
  const isFlaky = worst.state === 'passed' && rerun !== undefined && rerun.problem === undefined;
  return { name, isFlaky, ...worst };
}

function rank(state: CheckState): number {
  return WORST_FIRST.indexOf(state);
}

/** The report of a check that was asked to run again is the old one until another attempt is reported. */
function stateNow(state: IssueState, report: ReportedCheck): Pick<JudgedCheck, 'state' | 'detail'> {
  const rerun = rerunOf(state, report.name);
  const isAwaited =
    rerun?.attempt === report.attempt &&
    rerun.problem === undefined &&
    state.at < rerun.at + RERUN_PATIENCE_MS;
  return isAwaited
    ? { state: 'pending', detail: 'asked to run again' }
    : { state: report.state, detail: report.detail };
}

function rerunOf(state: IssueState, name: string): CheckRerun | undefined {
  const head = headOf(state);
  return state.reruns?.find(rerun => rerun.head === head && rerun.name === name);
}

/** The commit that CI checks: the verified one, once it is pushed. */
function headOf(state: IssueState): string | undefined {
  const { commit } = currentChange(state) ?? {};
  return state.pullRequest !== undefined && commit === state.pushed ? commit : undefined;
}

function readNow(state: IssueState): ChecksRead | undefined {
  const head = headOf(state);
  return head === undefined ? undefined : readOf(state, head);
}

function readOf({ checks }: IssueState, head: string): ChecksRead | undefined {
  return checks?.head === head ? checks : undefined;
}
