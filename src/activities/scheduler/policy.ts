/** Reads the policy at the head of the default branch, so that both belong to one commit. */
import type { EffectContext, SchedulerActivities } from '../../contracts/activities.ts';
import { parsePolicyFile, POLICY_PATH, problemText } from '../../config/policy-file.ts';
import type { FactEvent } from '../../domain/event.ts';
import type { IssueRef } from '../../domain/issue-ref.ts';
import type { Policy } from '../../domain/policy.ts';
import { getRef } from '../../github/refs.ts';
import { getContents, getRepository } from '../../github/repository.ts';
import { PermanentFailure } from '../effect-failure.ts';
import type { SchedulerPorts } from './ports.ts';
import { loadPolicy, putCanonical } from '../stored.ts';

export function readPolicy(ports: SchedulerPorts): SchedulerActivities['readPolicy'] {
  return async ({ context }) => (await ifHeadUnchanged(ports, context)) ?? (await read(ports, context.issue));
}

type PolicyRead = Extract<FactEvent, { type: 'policy-read' }>;

/** If the head of the default branch is unchanged, so is the policy. */
async function ifHeadUnchanged(
  { github, artifacts }: SchedulerPorts,
  { issue, policy, repository }: EffectContext,
): Promise<PolicyRead | undefined> {
  if (policy === undefined || repository === undefined) return undefined;
  const { owner, repo } = issue;
  const head = await getRef(github, { owner, repo, branch: repository.defaultBranch });
  if (head !== repository.head) return undefined;
  return { type: 'policy-read', policy: await loadPolicy(artifacts, policy), repository };
}

async function read({ github, artifacts }: SchedulerPorts, issue: IssueRef): Promise<PolicyRead> {
  const { owner, repo } = issue;
  const repository = await getRepository(github, { owner, repo });
  const head = await getRef(github, { owner, repo, branch: repository.defaultBranch });
  if (head === undefined)
    throw new PermanentFailure('PolicyMissing', `${repository.defaultBranch} has no commit yet`);
  const text = await getContents(github, { owner, repo, path: POLICY_PATH, ref: head });
  if (text === undefined)
    throw new PermanentFailure('PolicyMissing', `${repository.defaultBranch} has no ${POLICY_PATH}`);
  const policy = parsed(text);
  const { digest, ...values } = policy;
  const stored = await putCanonical(artifacts, values);
  if (stored !== digest) throw new PermanentFailure('Unexpected', 'the digest of the stored policy differs');
  const { id, defaultBranch, cloneUrl, htmlUrl } = repository;
  return { type: 'policy-read', policy, repository: { id, defaultBranch, head, cloneUrl, url: htmlUrl } };
}

function parsed(text: string): Policy {
  const reading = parsePolicyFile(text);
  if ('policy' in reading) return reading.policy;
  const problems = reading.problems.slice(0, 5).map(problemText);
  throw new PermanentFailure('PolicyInvalid', `${POLICY_PATH}: ${problems.join('; ')}`);
}
