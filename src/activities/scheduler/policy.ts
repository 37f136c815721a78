/**
 * Reads the policy at the head of the default branch, so that both belong to one commit, and the target branch of the issue.
 * The default branch says what may be done. If its policy allows it, the target branch says which commands are run.
 */
import type { EffectContext, SchedulerActivities } from '../../contracts/activities.ts';
import { zoneOffsets } from '../../config/time-zone.ts';
import { POLICY_BYTES_MAX } from '../../contracts/bounds.ts';
import { parsePolicyFile, POLICY_PATH, problemText } from '../../config/policy-file.ts';
import { canonicalJson } from '../../domain/canonical-json.ts';
import type { FactEvent } from '../../domain/event.ts';
import type { IssueRef } from '../../domain/issue-ref.ts';
import { omit } from '../../domain/omit.ts';
import { MERGE_METHODS, type Policy, type PolicyValues } from '../../domain/policy.ts';
import type { Calling } from '../../domain/state/calls.ts';
import type { RepositoryFacts, TargetFacts } from '../../domain/state/reading.ts';
import { withCommandsOf } from '../../domain/target-policy.ts';
import { branchFacts } from '../../github/required-checks.ts';
import { getContents, type Repository } from '../../github/repository.ts';
import { readDefaultBranch } from '../default-branch.ts';
import { PermanentFailure } from '../effect-failure.ts';
import type { SchedulerPorts } from './ports.ts';
import { loadPolicy, putCanonical } from '../stored.ts';

export function readPolicy(ports: SchedulerPorts): SchedulerActivities['readPolicy'] {
  return async ({ context, effect: { target } }) => {
    const found = await readFor(ports, context, target);
    const lines = ports.lines === undefined ? {} : { hasLines: true as const };
    return { ...found, calling: callingFor(found.policy, ports), ...lines };
  };
}

type PolicyRead = Extract<FactEvent, { type: 'policy-read' }>;

async function readFor(
  ports: SchedulerPorts,
  context: EffectContext,
  target: string | undefined,
): Promise<PolicyRead> {
  const known = await ifHeadUnchanged(ports, context);
  const unchanged =
    known?.joined === undefined
      ? undefined
      : await unchangedTarget(ports, context, { target, joined: known.joined });
  if (known !== undefined && unchanged !== undefined) return into(known.read, unchanged);
  // Known commands of a target branch are not those of the default branch.
  const isPlain = known !== undefined && known.joined === undefined;
  const read = isPlain ? known.read : await readDefault(ports, context.issue);
  return target === undefined ? read : await withTarget(ports, context, { read, branch: target });
}

interface Known {
  readonly read: PolicyRead;
  /** The target branch whose commands the policy has. */
  readonly joined?: TargetFacts;
}

/** If the head of the default branch is unchanged, so is its policy. */
async function ifHeadUnchanged(
  { github, artifacts }: SchedulerPorts,
  { issue, policy: digest, repository }: EffectContext,
): Promise<Known | undefined> {
  if (digest === undefined || repository === undefined) return undefined;
  const { owner, repo } = issue;
  const branch = await branchFacts(github, { owner, repo, branch: repository.defaultBranch });
  // A setting that forbids ways to merge is read again: it may have been changed.
  if (branch?.head !== repository.head || repository.mergeMethods !== undefined) return undefined;
  const policy = await loadPolicy(artifacts, digest);
  const facts = { ...omit(repository, 'target', 'isProtected', 'requiredChecks'), ...branch };
  const read: PolicyRead = { type: 'policy-read', policy, repository: facts };
  const { target } = repository;
  return target === undefined || policy.target?.policy !== 'branch' ? { read } : { read, joined: target };
}

/** If the head of the same target branch is unchanged too, so are its commands. */
async function unchangedTarget(
  { github }: SchedulerPorts,
  { issue: { owner, repo } }: EffectContext,
  { target, joined }: { readonly target: string | undefined; readonly joined: TargetFacts },
): Promise<TargetFacts | undefined> {
  const { branch } = joined;
  if (target !== branch || joined.head === undefined || joined.isMissing === true) return undefined;
  const facts = await branchFacts(github, { owner, repo, branch });
  return facts?.head === joined.head ? { branch, ...facts } : undefined;
}

async function readDefault(
  { github, artifacts, ownLogin }: SchedulerPorts,
  issue: IssueRef,
): Promise<PolicyRead> {
  const { repository, branch } = await readDefaultBranch(github, issue);
  const { id, defaultBranch, cloneUrl, htmlUrl } = repository;
  const policy = await policyAt(github, { issue, branch: defaultBranch, head: branch.head });
  if (policy === undefined)
    throw new PermanentFailure('PolicyMissing', `${defaultBranch} has no ${POLICY_PATH}`);
  const { digest, ...values } = policy;
  const stored = await putCanonical(artifacts, values);
  if (stored !== digest) throw new PermanentFailure('Unexpected', 'the digest of the stored policy differs');
  const own = github.credentialKind === 'app' ? {} : { ownLogin: await ownLogin() };
  const facts = { id, defaultBranch, ...branch, cloneUrl, url: htmlUrl, ...limitedMethods(repository) };
  return { type: 'policy-read', policy, repository: facts, ...own };
}

/** Known only if a way is forbidden. */
function limitedMethods({ mergeMethods }: Repository): Pick<RepositoryFacts, 'mergeMethods'> {
  return mergeMethods === undefined || mergeMethods.length === MERGE_METHODS.length ? {} : { mergeMethods };
}

function callingFor({ calls }: Policy, { notify }: SchedulerPorts): Calling {
  const { timeZone } = calls?.quietHours ?? {};
  return {
    ...(notify === undefined ? {} : { webhook: true }),
    ...(timeZone === undefined ? {} : { offsets: zoneOffsets(timeZone, Date.now()) }),
  };
}

interface TargetRead {
  readonly read: PolicyRead;
  readonly branch: string;
}

async function withTarget(
  { github, artifacts }: SchedulerPorts,
  { issue, repository: before }: EffectContext,
  { read, branch }: TargetRead,
): Promise<PolicyRead> {
  const { owner, repo } = issue;
  const facts = await branchFacts(github, { owner, repo, branch });
  if (facts === undefined) {
    const { target: known } = before ?? {};
    const last = known?.branch === branch && known.head !== undefined ? { head: known.head } : {};
    return into(read, { branch, ...last, isMissing: true });
  }
  const found = into(read, { branch, ...facts });
  if (read.policy.target?.policy !== 'branch') return found;
  const own = await policyAt(github, { issue, branch, head: facts.head });
  return own === undefined
    ? found
    : { ...found, policy: await stored(artifacts, withCommandsOf(read.policy, own)) };
}

function into(read: PolicyRead, target: TargetFacts): PolicyRead {
  return { ...read, repository: { ...read.repository, target } };
}

/** Each file is short enough, but together they may be longer than what a reader takes. */
async function stored(artifacts: SchedulerPorts['artifacts'], values: PolicyValues): Promise<Policy> {
  if (Buffer.byteLength(canonicalJson(values)) > POLICY_BYTES_MAX)
    throw new PermanentFailure('PolicyInvalid', `${POLICY_PATH} of both branches together is too long`);
  return { ...values, digest: await putCanonical(artifacts, values) };
}

interface PolicyPlace {
  readonly issue: IssueRef;
  readonly branch: string;
  readonly head: string;
}

/** `undefined` if the branch has no policy file. */
async function policyAt(
  github: SchedulerPorts['github'],
  { issue, branch, head }: PolicyPlace,
): Promise<Policy | undefined> {
  const { owner, repo } = issue;
  const text = await getContents(github, { owner, repo, path: POLICY_PATH, ref: head });
  if (text === undefined) return undefined;
  const reading = parsePolicyFile(text);
  if ('policy' in reading) return reading.policy;
  const problems = reading.problems.slice(0, 5).map(problemText);
  throw new PermanentFailure('PolicyInvalid', `${POLICY_PATH} on ${branch}: ${problems.join('; ')}`);
}
