/** What follows from the evidence: what is proven, skipped or still required, and what a person must check. */
import type { Policy } from './policy.ts';
import type { CheckResult } from './state/work.ts';

export interface EvidenceInput {
  readonly checks: readonly CheckResult[];
  /** Findings of the verification other than its checks. */
  readonly notes: readonly string[];
  readonly claims: { readonly skippedChecks: number; readonly stopConditionsMet: readonly string[] };
}

/** Unexpected or missing checks, and the omissions and stop conditions that the agent reports. */
export function evidenceConcerns({ checks, notes, claims }: EvidenceInput): readonly string[] {
  return [
    ...(checks.some(check => check.on === 'head') ? [] : ['no verification command was run']),
    ...checks.flatMap(check => concernOf(check) ?? []),
    ...notes,
    ...(claims.skippedChecks > 0 ? [`the agent skipped ${claims.skippedChecks} checks`] : []),
    ...claims.stopConditionsMet.map(condition => `the agent reached a stop condition: ${condition}`),
  ];
}

function concernOf(check: CheckResult): string | undefined {
  const { name, on } = check;
  if (check.flaky === true)
    return `${name}: is flaky on ${on === 'base' ? 'the base' : 'the verified commit'} (it both passed and failed), so it proves nothing`;
  if (check.expected === 'fail' && !check.passed) return unproven(check);
  if (check.passed === (check.expected === 'pass')) return undefined;
  return on === 'base'
    ? `${name}: the changed tests pass without the change, so they prove nothing`
    : `${name}: failed on the verified commit`;
}

/** Shell exit codes for a command that cannot be executed or does not exist. */
const NEVER_RAN: readonly (number | null)[] = [126, 127];

/** Only a failure of the tests proves something; a missing, hanging or killed command does not. */
function unproven({ name, exitCode }: CheckResult): string | undefined {
  if (exitCode === null) return `${name}: did not finish without the change, so it proves nothing`;
  return NEVER_RAN.includes(exitCode)
    ? `${name}: could not be run without the change (exit ${exitCode}), so it proves nothing`
    : undefined;
}

/** Pairs of runs of the same command: it fails on the base and passes on the verified commit. */
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

/** What the scheduler did not check, and why. The report lists what the agent skipped. */
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

/** In the order of release verification. */
export function owedAfterMerge({ release }: Policy): readonly string[] {
  return [
    'the merge commit on the default branch',
    ...(release.verify === 'deployment'
      ? [`a successful deployment to ${release.environment} that contains it`]
      : []),
    ...release.probes.map(probe => `a 2xx response from ${probe}`),
    ...(release.soakMs > 0 ? [`the same again after ${Math.round(release.soakMs / 60_000)} minutes`] : []),
    ...(release.signOffFromRisk === 'never'
      ? []
      : [`the release owner's sign-off at risk ${release.signOffFromRisk} or higher`]),
  ];
}
