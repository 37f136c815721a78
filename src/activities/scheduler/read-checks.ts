/** Reads what CI reported on the head under the names that are required, and of a failed check what the next attempt needs. */
import type { ChecksAsked, LookInput } from '../../contracts/activities.ts';
import {
  failingNames,
  isOwnCheck,
  latestReports,
  type ObservedChecks,
  type ReportedCheck,
  type RequiredCheck,
} from '../../domain/check-report.ts';
import type { Digest } from '../../domain/digest.ts';
import type { IssueRef } from '../../domain/issue-ref.ts';
import { omit } from '../../domain/omit.ts';
import { type FoundCheck, findChecks } from '../../github/checks.ts';
import { checksOfRulesets } from '../../github/required-checks.ts';
import { loadPolicy, putCheckOutput } from '../stored.ts';
import { checkOutput } from './check-output.ts';
import type { SchedulerPorts } from './ports.ts';

/** Outputs that are stored of one head. */
const OUTPUTS_MAX = 20;

export async function readChecks(
  ports: SchedulerPorts,
  input: LookInput,
  asked: ChecksAsked,
): Promise<ObservedChecks> {
  const { head, base, known } = asked;
  const required = await requiredChecks(ports, input, known);
  if (required.length === 0) return { head, required, reported: [] };
  const { owner, repo } = input.context.issue;
  const names = [...new Set(required.map(({ name }) => name))];
  const { checks, unreadable } = await findChecks(ports.github, { owner, repo, sha: head, names });
  const found = await ofOthers(ports, checks);
  const reported = await withOutputs(ports, input, { found, known });
  const failing = failingNames(reported);
  return {
    head,
    required,
    reported,
    ...(unreadable === undefined ? {} : { unreadable }),
    ...(failing.length === 0
      ? {}
      : { failingOnBase: await failingOn(ports, input, { sha: base, names: failing }) }),
  };
}

async function requiredChecks(
  ports: SchedulerPorts,
  input: LookInput,
  known: ObservedChecks | undefined,
): Promise<readonly RequiredCheck[]> {
  const { checks } = await loadPolicy(ports.artifacts, input.context.policy);
  const ofPolicy = (checks?.required ?? []).map((name): RequiredCheck => ({ name, byPolicy: true }));
  const ofRules =
    known?.required.filter(({ byPolicy }) => byPolicy !== true) ?? (await checksOfRules(ports, input));
  return [...ofPolicy, ...ofRules].filter(({ name }) => !isOwnCheck({ name }, ''));
}

/** Of branch protection and of rulesets; read once for each head. */
async function checksOfRules(
  { github }: SchedulerPorts,
  { context: { issue, repository } }: LookInput,
): Promise<readonly RequiredCheck[]> {
  if (repository === undefined) return [];
  const { target, defaultBranch } = repository;
  const { isProtected, requiredChecks: ofProtection = [] } = target ?? repository;
  if (isProtected !== true) return [];
  const branch = target?.branch ?? defaultBranch;
  const { owner, repo } = issue;
  return [...ofProtection, ...(await checksOfRulesets(github, { owner, repo, branch }))];
}

async function ofOthers<T extends Pick<FoundCheck, 'name' | 'app'>>(
  { ownLogin }: SchedulerPorts,
  found: readonly T[],
): Promise<readonly T[]> {
  if (found.length === 0) return found;
  const login = await ownLogin();
  return found.filter(check => !isOwnCheck(check, login));
}

interface Found {
  readonly found: readonly FoundCheck[];
  readonly known: ObservedChecks | undefined;
}

/** The output of one attempt is stored once. */
async function withOutputs(
  ports: SchedulerPorts,
  { context }: LookInput,
  { found, known }: Found,
): Promise<readonly ReportedCheck[]> {
  const reported: ReportedCheck[] = [];
  for (const check of latestReports(found)) {
    const report = omit(check, 'says', 'annotations');
    const isWanted =
      report.state === 'failed' && reported.filter(({ output }) => output).length < OUTPUTS_MAX;
    const stored = known?.reported.find(
      ({ name, attempt }) => name === report.name && attempt === report.attempt,
    );
    if (!isWanted) reported.push(report);
    else
      reported.push({ ...report, output: stored?.output ?? (await putOutput(ports, context.issue, check)) });
  }
  return reported;
}

async function putOutput(ports: SchedulerPorts, issue: IssueRef, check: FoundCheck): Promise<Digest> {
  return await putCheckOutput(ports.artifacts, await checkOutput(ports, issue, check));
}

async function failingOn(
  ports: SchedulerPorts,
  { context: { issue } }: LookInput,
  at: { readonly sha: string; readonly names: readonly string[] },
): Promise<readonly string[]> {
  const { owner, repo } = issue;
  const { checks } = await findChecks(ports.github, { owner, repo, ...at });
  return failingNames(latestReports(await ofOthers(ports, checks)));
}
