/** What people read about the required checks. Names and words are of others: whoever posts them neutralises them. */
import { type ChecksVerdict, checksVerdict, type JudgedCheck } from './checks.ts';
import { openDeployments } from './merge-obstacle.ts';
import type { IssueState } from './state.ts';

const NAMED_MAX = 5;

/** Names and GitHub's words, bounded. */
export function checksText(checks: readonly Pick<JudgedCheck, 'name' | 'detail'>[]): string {
  const named = checks.slice(0, NAMED_MAX).map(({ name, detail }) => `${name} (${detail})`);
  const more = checks.length - NAMED_MAX;
  return [...named, ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

/** For people, while there is something to say: what is waited for, what failed, what passed only when it was run again. */
export function checksLines(state: IssueState): readonly string[] {
  const verdict = checksVerdict(state);
  if (verdict.kind === 'unread') return ['the required checks of the commit have not been read yet'];
  if (verdict.kind === 'none') return failedLine(state);
  if (verdict.kind === 'passed') return [...flakyLine(verdict.checks), ...deploymentsLine(state)];
  return [`${LINES[verdict.kind]}: ${checksText(verdict.checks)}`];
}

const LINES: Readonly<Record<Exclude<ChecksVerdict['kind'], 'none' | 'unread' | 'passed'>, string>> = {
  waiting: 'waiting for the required checks',
  late: 'required checks have not finished',
  unclear: 'required checks ended without a verdict',
  broken: 'required checks fail on the base too',
  rerun: 'required checks failed and run again',
  failed: 'required checks failed',
};

function deploymentsLine(state: IssueState): readonly string[] {
  const open = openDeployments(state);
  return open.length === 0 ? [] : [`waiting for required deployments of the head: ${checksText(open)}`];
}

function failedLine({ failedInCi }: IssueState): readonly string[] {
  const { head = '', checks = [] } = failedInCi ?? {};
  return checks.length === 0 ? [] : [`required checks failed on ${head.slice(0, 12)}: ${checksText(checks)}`];
}

function flakyLine(checks: readonly JudgedCheck[]): readonly string[] {
  const flaky = checks.filter(check => check.isFlaky).map(({ name }) => name);
  return flaky.length === 0 ? [] : [flakyText(flaky)];
}

export function flakyText(names: readonly string[]): string {
  return `flaky: passed only when run again: ${names.slice(0, NAMED_MAX).join(', ')}`;
}
