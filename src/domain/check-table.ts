/** The scheduler's checks as a table for people. */
import { shortDigest } from './digest.ts';
import { moreLine, type PostedList } from './posted-bounds.ts';
import { inlineCode } from './posted-text.ts';
import type { CheckResult } from './state/work.ts';

/** One row for each check: name, tree, outcome, time and output. */
export function checkTable(checks: readonly CheckResult[]): readonly string[] {
  if (checks.length === 0) return ['_none: the policy has no verification command_'];
  const rows = checks.map(
    check =>
      `| ${inlineCode(check.name)} | ${PLACES[check.on]} | ${checkOutcome(check)}, ${isAsExpected(check) ? 'as expected' : '**not as expected**'} | ${Math.round(check.durationMs)} ms | \`${shortDigest(check.output)}\` |`,
  );
  return ['| check | on | outcome | time | output |', '|---|---|---|---|---|', ...rows];
}

/** The first rows, and how many more there are. */
export function checkLines(
  checks: readonly CheckResult[],
  { listedMax, where }: PostedList,
): readonly string[] {
  const more = checks.length - listedMax;
  return [...checkTable(checks.slice(0, listedMax)), ...(more > 0 ? ['', moreLine(more, where)] : [])];
}

export function isAsExpected({ passed, expected }: CheckResult): boolean {
  return passed === (expected === 'pass');
}

export function checkOutcome({ passed, exitCode }: CheckResult): string {
  return passed ? 'passed' : `failed (exit ${exitCode ?? 'none'})`;
}

const PLACES: Readonly<Record<CheckResult['on'], string>> = {
  head: 'verified commit',
  base: 'base + changed tests',
  'head-with-base-tests': 'verified commit + tests of the base',
};
