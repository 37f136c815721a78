/** What follows from the evidence: what is proven, skipped or still required, and what a person must check. */
import { adoptedConcern } from './adopted-text.ts';
import type { Policy, VerificationCommand } from './policy.ts';
import type { Adopted, BaseRun, CheckResult, Verification } from './state/work.ts';
import { targetText } from './target.ts';

export interface EvidenceInput {
  readonly checks: readonly CheckResult[];
  readonly baseRuns?: readonly BaseRun[];
  /** Findings of the verification other than its checks. */
  readonly notes: readonly string[];
  /** Commits of people in the change. */
  readonly adopted?: Adopted;
  readonly claims: { readonly skippedChecks: number; readonly stopConditionsMet: readonly string[] };
}

/** Unexpected or missing checks, and the omissions and stop conditions that the agent reports. */
export function evidenceConcerns(input: EvidenceInput): readonly string[] {
  const { checks, baseRuns = [], notes, claims, adopted } = input;
  return [
    ...(adopted === undefined ? [] : [adoptedConcern(adopted)]),
    ...(checks.some(check => check.on === 'head') ? [] : ['no verification command was run']),
    ...checks.flatMap(check => concernOf(check) ?? []),
    ...testCounts(checks, baseRuns).flatMap(count => countConcern(count) ?? []),
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
  if (on === 'base') return `${name}: the changed tests pass without the change, so they prove nothing`;
  const failed = `${name}: failed on the verified commit`;
  return on === 'head' ? failed : `${failed}, so the change edits what they required`;
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

/** The number of tests that one command ran; `null` if its output does not say so. */
export interface TestCount {
  readonly check: string;
  readonly before: number | null;
  readonly after: number | null;
}

/** Commands of the policy without and with the change, and edited test files as they were and as they are, on the commit. */
export function testCounts(
  checks: readonly CheckResult[],
  baseRuns: readonly BaseRun[],
): readonly TestCount[] {
  const former = checks.filter(check => check.on === 'head-with-base-tests');
  return [...baseRuns, ...former].flatMap(before => {
    const after = checks.find(check => check.on === 'head' && check.command === before.command);
    if (after === undefined) return [];
    return [{ check: after.name, before: before.tests ?? null, after: after.tests ?? null }];
  });
}

function countConcern({ check, before, after }: TestCount): string | undefined {
  if (before === null || before === 0) return undefined;
  if (after === null)
    return `${check}: the output does not say how many tests ran with the change; before it, ${before} ran`;
  return after < before
    ? `${check}: fewer tests ran with the change: ${after} instead of ${before}`
    : undefined;
}

export function countText({ check, before, after }: TestCount): string {
  return `${check}: ${before ?? 'unknown'} before the change, ${after ?? 'unknown'} with it`;
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
  { checks, baseRuns }: Pick<Verification, 'checks' | 'baseRuns'>,
  { verification }: Policy,
): readonly { readonly check: string; readonly why: string }[] {
  const failBefore = 'tests that fail before the change';
  const uncounted = baseRuns === undefined ? [] : uncountedCommands(baseRuns, verification.commands);
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
    ...uncounted.map(({ name }) => ({
      check: `number of tests before the change: ${name}`,
      why: 'unknown: it did not run, or its output does not say it in a known form',
    })),
  ];
}

function uncountedCommands(
  baseRuns: readonly BaseRun[],
  commands: readonly VerificationCommand[],
): readonly VerificationCommand[] {
  const counted = new Set(baseRuns.filter(run => run.tests !== undefined).map(run => run.name));
  return commands.filter(({ name }) => !counted.has(name));
}

/** In the order of release verification. Without `target`, the change goes to the default branch. */
export function owedAfterMerge({ release }: Policy, target?: string): readonly string[] {
  return [
    `the merge commit on ${targetText(target)}`,
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
