/** Collects the facts for release verification: ancestry of the merge, the deployment, the probes. */
import type { SchedulerActivities } from '../../contracts/activities.ts';
import type { IssueRef } from '../../domain/issue-ref.ts';
import type { ReleaseFacts } from '../../domain/state/release.ts';
import { compare } from '../../github/commits.ts';
import { type Deployment, listDeployments } from '../../github/deployments.ts';
import type { SchedulerPorts } from './ports.ts';
import { loadPolicy } from '../stored.ts';

const PROBE_TIMEOUT_MS = 10_000;

export function checkRelease(ports: SchedulerPorts): SchedulerActivities['checkRelease'] {
  return async ({ context, effect: { merge, into } }) => {
    const { release: rules } = await loadPolicy(ports.artifacts, context.policy);
    const deployment =
      rules.verify === 'deployment'
        ? await deploymentOf(ports, { issue: context.issue, environment: rules.environment, merge })
        : null;
    const release: ReleaseFacts = {
      onDefaultBranch: await contains(ports, context.issue, { commit: merge, head: into }),
      deployment,
      probes: await Promise.all(rules.probes.map(probe)),
    };
    return { type: 'release-checked', release };
  };
}

interface DeploymentQuestion {
  readonly issue: IssueRef;
  readonly environment: string;
  readonly merge: string;
}

/** Only the newest deployment counts: older ones do not show what runs in the environment now. */
async function deploymentOf(
  ports: SchedulerPorts,
  question: DeploymentQuestion,
): Promise<ReleaseFacts['deployment']> {
  const { owner, repo } = question.issue;
  const [newest] = await listDeployments(ports.github, {
    owner,
    repo,
    environment: question.environment,
    deploymentsMax: 1,
  });
  if (newest === undefined) return null;
  return {
    state: stateOf(newest),
    containsMerge: await contains(ports, question.issue, { commit: question.merge, head: newest.sha }),
    url: newest.environmentUrl ?? '',
    since: Date.parse(newest.stateAt ?? newest.createdAt),
  };
}

function stateOf(deployment: Deployment): 'success' | 'failure' | 'pending' {
  if (deployment.state === 'success') return 'success';
  return deployment.state === 'failure' || deployment.state === 'error' ? 'failure' : 'pending';
}

async function contains(
  ports: SchedulerPorts,
  issue: IssueRef,
  { commit, head }: { commit: string; head: string },
): Promise<boolean> {
  if (commit === head) return true;
  const relation = await compare(ports.github, { owner: issue.owner, repo: issue.repo, base: commit, head });
  return relation === 'ahead' || relation === 'identical';
}

async function probe(url: string): Promise<ReleaseFacts['probes'][number]> {
  try {
    const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
    await answer.body?.cancel();
    return { url, ok: answer.ok, found: `status ${answer.status}` };
  } catch (error) {
    return { url, ok: false, found: error instanceof Error ? error.message : 'no response' };
  }
}
