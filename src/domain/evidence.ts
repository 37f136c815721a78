/** What the evidence says beyond its parts: what is proven, what was left out, what is owed, and what a person must look at. */
import type { Policy } from './policy.ts';
import type { CheckResult } from './state/work.ts';

export interface EvidenceInput {
  readonly checks: readonly CheckResult[];
  /** What the verification found beside its checks. */
  readonly notes: readonly string[];
  readonly claims: { readonly skippedChecks: number; readonly stopConditionsMet: readonly string[] };
}

/** Checks not as expected, none at all, and what the worker itself says it left out or ran into. */
export function evidenceConcerns({ checks, notes, claims }: EvidenceInput): readonly string[] {
  return [
    ...(checks.some(check => check.on === 'head') ? [] : ['no verification command was run']),
    ...checks.flatMap(check => concernOf(check) ?? []),
    ...notes,
    ...(claims.skippedChecks > 0 ? [`the agent skipped ${claims.skippedChecks} checks`] : []),
    ...claims.stopConditionsMet.map(condition => `the agent met a stop condition: ${condition}`),
  ];
}

function concernOf(check: CheckResult): string | undefined {
  const { name, on } = check;
  if (check.flaky === true)
    return `${name}: passes and fails by turns on ${on === 'base' ? 'the base' : 'the verified commit'}, so it proves nothing`;
  if (check.expected === 'fail' && !check.passed) return unproven(check);
  if (check.passed === (check.expected === 'pass')) return undefined;
  return on === 'base'
    ? `${name}: the changed tests pass without the change, so they prove nothing`
    : `${name}: failed on the verified commit`;
}

/** A shell's words for a command that is not there or cannot be run. */
const NEVER_RAN: readonly (number | null)[] = [126, 127];

/** A failure that proves something is one of the tests: not of a command that is missing, hangs or is killed. */
function unproven({ name, exitCode }: CheckResult): string | undefined {
  if (exitCode === null) return `${name}: did not come to its end without the change, so it proves nothing`;
  return NEVER_RAN.includes(exitCode)
    ? `${name}: could not be run without the change (exit ${exitCode}), so it proves nothing`
    : undefined;
}

/** The same command, failing on the base and passing on the verified commit. */
export function provenBy(
  checks: readonly CheckResult[],
): readonly { readonly before: CheckResult; readonly after: CheckResult }[] {
  return checks.flatMap(before => {
    if (before.on !== 'base' || before.passed || concernOf(before) !== undefined) return [];
    const after = checks.find(check => isAfter(check, before));
    return after === undefined ? [] : [{ before, after }];
  });
}

function isAfter(check: CheckResult, before: CheckResult): boolean {
  const isSame = check.on === 'head' && check.command === before.command;
  return isSame && check.passed && concernOf(check) === undefined;
}

/** What the scheduler did not check, and why; the worker's own omissions are in its report. */
export function skippedByScheduler(
  checks: readonly CheckResult[],
  { verification }: Policy,
): readonly { readonly check: string; readonly why: string }[] {
  const failBefore = 'tests that fail before the change';
  return [
    ...(verification.commands.length === 0
      ? [{ check: 'verification commands', why: 'the policy names none' }]
      : []),
    ...(verification.testCommand === ''
      ? [{ check: failBefore, why: 'the policy names no testCommand' }]
      : []),
    ...(verification.testCommand !== '' && !checks.some(check => check.on === 'base')
      ? [{ check: failBefore, why: 'no test was added or changed' }]
      : []),
  ];
}

/** In the order in which release verification will look. */
export function owedAfterMerge({ release }: Policy): readonly string[] {
  return [
    'the merge commit on the default branch',
    ...(release.verify === 'deployment'
      ? [`a successful deployment to ${release.environment} that contains it`]
      : []),
    ...release.probes.map(probe => `an answer of 2xx from ${probe}`),
    ...(release.soakMs > 0
      ? [`the same once more after ${Math.round(release.soakMs / 60_000)} minutes`]
      : []),
    ...(release.signOffFromRisk === 'never'
      ? []
      : [`the release owner's sign-off from risk ${release.signOffFromRisk} on`]),
  ];
}
