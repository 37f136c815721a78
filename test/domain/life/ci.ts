/** CI in memory: one check, `test`, reported by one App on each head and on the base, and what must hold of it. */
import type { CheckState, ReportedCheck } from '../../../src/domain/check-report.ts';
import type { EventBody } from '../../../src/domain/event.ts';
import type { IssueState } from '../../../src/domain/state.ts';
import type { Effect } from '../../../src/domain/step.ts';
import type { Observation } from '../../../src/domain/observation.ts';
import type { GitHub } from './github.ts';
import { must, mustBe } from './invariants.ts';
import { changeNow } from './oracle.ts';

export interface Ci {
  /** What is reported on a head, and what once it ran again; `missing`: nothing. */
  readonly says: CheckState | 'missing';
  readonly again: CheckState;
  readonly base: 'passed' | 'failed';
  /** Heads whose check ran again. */
  readonly ranAgain: readonly string[];
  /** GitHub refuses to run it again. */
  readonly isFixed?: true;
}

export const GOOD_CI: Ci = { says: 'passed', again: 'passed', base: 'passed', ranAgain: [] };
export const CHECK = 'test';

/** As the activity reads it. */
export function checksReading(
  { ci, policy, mergeRules: rules, deployed }: Pick<GitHub, 'ci' | 'policy' | 'mergeRules' | 'deployed'>,
  state: IssueState,
): Pick<Observation, 'checks'> {
  const { required = [] } = policy.checks ?? {};
  const head = state.change?.commit;
  if (head === undefined || state.pullRequest === undefined) return {};
  const reported = ci.says === 'missing' ? [] : [reportOf(ci, head)];
  const isFailed = reported.some(({ state: is }) => is === 'failed');
  return {
    checks: {
      head,
      required: required.map(name => ({ name, byPolicy: true })),
      reported,
      ...(rules === undefined ? {} : { rules }),
      ...(rules?.deployments === undefined || deployed === undefined
        ? {}
        : { deployments: rules.deployments.map(name => ({ name, state: deployed, detail: deployed })) }),
      ...(isFailed ? { failingOnBase: ci.base === 'failed' ? [CHECK] : [] } : {}),
    },
  };
}

function reportOf(ci: Ci, head: string): ReportedCheck {
  const isAgain = ci.ranAgain.includes(head);
  const state = isAgain ? ci.again : (ci.says as CheckState);
  const attempt = isAgain ? '2' : '1';
  const by = { source: 'check-run', app: 'github-actions', appId: 1 } as const;
  return { name: CHECK, ...by, state, detail: state, id: Number(attempt), attempt, output: 'sha256:said' };
}

export function runAgain<World extends { readonly ci: Ci }>(
  github: World,
  { head, name, attempt }: Extract<Effect, { kind: 'rerun-check' }>,
): { readonly github: World; readonly event: EventBody } {
  const { ci } = github;
  const event = { type: 'check-rerun', head, name, attempt } as const;
  if (ci.isFixed === true) return { github, event: { ...event, problem: 'it cannot be run again' } };
  return { github: { ...github, ci: { ...ci, ranAgain: [...ci.ranAgain, head] } }, event };
}

const isAsked = ({ policy }: IssueState): boolean => (policy?.checks?.required ?? []).length > 0;

/** News of the head's checks that no look has read. */
export function isCiUnread(state: IssueState): boolean {
  const { due, pullRequest, merge, pushed } = state;
  const isHead = pushed !== undefined && changeNow(state)?.commit === pushed;
  return (
    isAsked(state) && due.checks !== undefined && pullRequest !== undefined && merge === undefined && isHead
  );
}

/** Every check that the policy requires was read as passed on exactly this head. */
export function beginsWithCi(state: IssueState, head: string): void {
  const { required = [], apps } = state.policy?.checks ?? {};
  const { checks } = state;
  for (const name of required) {
    const reports = checks?.head === head ? checks.reported.filter(report => report.name === name) : [];
    const counted = reports.filter(({ app = '' }) => apps?.includes(app) !== false);
    must('7 checks', counted.length > 0, `merged before ${name} was reported`);
    must(
      '7 checks',
      counted.every(report => report.state === 'passed'),
      `merged although ${name} did not pass`,
    );
  }
}

/** Asked once for each name and head, for what failed there and not on the base. */
export function beginsRerun(state: IssueState, effect: Extract<Effect, { kind: 'rerun-check' }>): void {
  const { head, name, attempt } = effect;
  const { checks, reruns = [], policy } = state;
  must('4 one commit', head === state.pushed && head === changeNow(state)?.commit, 'a check of another head');
  must('21 in vain', policy?.checks?.rerun !== false, 'the policy lets nothing run again');
  const isDone = reruns.some(one => one.head === head && one.name === name);
  must('21 in vain', !isDone, `${name} runs again twice`);
  const report = checks?.reported.find(one => one.name === name && one.attempt === attempt);
  must('21 in vain', checks?.head === head && report?.state === 'failed', `${name} did not fail`);
  isFault(state, head, name);
}

/** A run gets what failed in CI when it started. */
export function getsFailures(state: IssueState, effect: Extract<Effect, { kind: 'run-agent' }>): void {
  const known = state.runs.find(({ runId }) => runId === effect.runId);
  const failed = known === undefined ? state.failedInCi?.checks : known.failedChecks;
  mustBe('8 same text', effect.failedChecks ?? [], failed ?? []);
}

/** An attempt is spent only on what the change broke, or what a person lets the agent fix. */
export function checkCi(before: IssueState, after: IssueState): void {
  const { failedInCi: failed } = after;
  if (failed === undefined || failed === before.failedInCi || failed.checks.length === 0) return;
  for (const { name } of failed.checks) {
    const report = after.checks?.reported.find(one => one.name === name);
    must(
      '21 in vain',
      after.checks?.head === failed.head && report?.state === 'failed',
      `${name} did not fail`,
    );
    isFault(after, failed.head, name);
  }
  must('21 in vain', before.failedInCi?.head !== failed.head, 'one head fails twice');
}

function isFault({ checks, brokenTaken }: IssueState, head: string, name: string): void {
  const isBroken = checks?.failingOnBase?.includes(name) === true;
  must('21 in vain', !isBroken || brokenTaken === head, `${name} fails on the base too`);
}

const MINUTE_MS = 60_000;
const POLL_MS_MAX = 30 * MINUTE_MS;

/** It waits with a timer, polls, and no longer than the patience. */
export function checkCiWait(state: IssueState, until: number | undefined): void {
  must('21 rests', until !== undefined, 'it waits for checks without a timer');
  const { checks, at, policy, pushed } = state;
  if (checks === undefined || checks.head !== pushed) return;
  const patience = policy?.checks?.patienceMs ?? 2 * 60 * MINUTE_MS;
  const isUnfinished =
    checks.reported.length === 0 || checks.reported.some(report => report.state === 'pending');
  must('21 told', !isUnfinished || at < checks.since + patience, 'it waits for checks that are late');
  must('21 told', (until ?? 0) <= latestPoll(state), 'checks are not polled');
}

/** A look that is delayed is waited for: a timer before would fire again and again. */
function latestPoll({ checks, delays = [], at }: IssueState): number {
  const delayed = delays.filter(delay => delay.until > at && (delay.kind === 'look' || delay.limit === true));
  return Math.max((checks?.readAt ?? 0) + POLL_MS_MAX, ...delayed.map(delay => delay.until));
}

export const isAboutCi = (why: string): boolean =>
  /^required checks (?:have not finished|ended without|fail on the base)/.test(why) ||
  /^the head (?:could not be|was not) deployed/.test(why);

/** While a person is asked, CI is still read: the hold may end by itself. */
export function checkCiHold(state: IssueState, until: number | undefined, rung = Infinity): void {
  const isPolled = (until ?? Infinity) <= Math.min(latestPoll(state), rung);
  must('21 told', isPolled, 'checks of a hold are not polled');
}

/** The merge gate asks, and a merge begins, only once the head is deployed as the rules demand; `undefined` cannot be read. */
export function mustBeDeployed({ checks, change }: IssueState): void {
  const { rules, deployments = [], head } = checks ?? {};
  if (head !== change?.commit) return;
  const open = deployments.filter(one => rules?.deployments?.includes(one.name) && one.state !== 'passed');
  must('7 checks', open.length === 0, `not deployed: ${open.map(({ name }) => name).join()}`);
}
