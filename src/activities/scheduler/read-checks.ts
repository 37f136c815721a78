/** Reads what CI reported on the head under the names that are required, and of a failed check what the next attempt needs. */
import type { ChecksAsked, LookInput } from '../../contracts/activities.ts';
import {
  failingNames,
  latestReports,
  type ObservedChecks,
  type ReportedCheck,
  type RequiredCheck,
} from '../../domain/check-report.ts';
import { isOwnCheck, ownCheckIn } from '../../domain/own-check.ts';
import type { Digest } from '../../domain/digest.ts';
import type { IssueRef } from '../../domain/issue-ref.ts';
import { omit } from '../../domain/omit.ts';
import { type FoundCheck, findChecks } from '../../github/checks.ts';
import { type RulesOfMerges, rulesOfMerges } from '../../github/required-checks.ts';
import { loadPolicy, putCheckOutput } from '../stored.ts';
import { checkOutput } from './check-output.ts';
import type { SchedulerPorts } from './ports.ts';
import { readDeployments } from './read-deployments.ts';

/** Outputs that are stored of one head. */
const OUTPUTS_MAX = 20;

export async function readChecks(
  ports: SchedulerPorts,
  input: LookInput,
  asked: ChecksAsked,
): Promise<ObservedChecks> {
  const { head, base, known } = asked;
  const { required, ...ofRules } = await requiredChecks(ports, input, known);
  const { owner, repo } = input.context.issue;
  const environments = ofRules.rules?.deployments ?? [];
  const deployed = await readDeployments(ports.github, { owner, repo, sha: head, environments, known });
  const rules = { ...ofRules, ...deployed };
  if (required.length === 0) return { head, required, reported: [], ...rules };
  const names = [...new Set(required.map(({ name }) => name))];
  const { checks, unreadable } = await findChecks(ports.github, { owner, repo, sha: head, names });
  const found = await ofOthers(ports, checks);
  const reported = await withOutputs(ports, input, { found, known });
  const failing = failingNames(reported);
  return {
    head,
    required,
    reported,
    ...rules,
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
): Promise<RulesOfMerges> {
  const { checks } = await loadPolicy(ports.artifacts, input.context.policy);
  const ofPolicy = (checks?.required ?? []).map((name): RequiredCheck => ({ name, byPolicy: true }));
  // Rules that may hold the issue are read again: then the hold ends when they have changed.
  const isKnown = known !== undefined && known.rules === undefined;
  const ofRules = isKnown
    ? { required: known.required.filter(({ byPolicy }) => byPolicy !== true) }
    : await rulesOfTarget(ports, input);
  const required = [...ofPolicy, ...ofRules.required].filter(({ name }) => !isOwnCheck({ name }, ''));
  const ownCheck = ownCheckIn(ofRules.required.map(({ name }) => name));
  return {
    ...ofRules,
    required,
    ...(ownCheck === undefined ? {} : { rules: { ...ofRules.rules, ownCheck } }),
  };
}

/** Of branch protection and of rulesets. */
async function rulesOfTarget(
  { github }: SchedulerPorts,
  { context: { issue, repository } }: LookInput,
): Promise<RulesOfMerges> {
  if (repository === undefined) return { required: [] };
  const { target, defaultBranch } = repository;
  const { isProtected, requiredChecks: ofProtection = [] } = target ?? repository;
  if (isProtected !== true) return { required: [] };
  const { owner, repo } = issue;
  const found = await rulesOfMerges(github, { owner, repo, branch: target?.branch ?? defaultBranch });
  return { ...found, required: [...ofProtection, ...found.required] };
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
