/** Collects the facts for release verification: ancestry and content of the merge, the deployment, the probes. */
import type { CheckReleaseInput, EffectContext, SchedulerActivities } from '../../contracts/activities.ts';
import type { IssueRef } from '../../domain/issue-ref.ts';
import type { ChangeMissing, ReleaseFacts } from '../../domain/state/release.ts';
import { compare } from '../../github/commits.ts';
import { type Deployment, listDeployments } from '../../github/deployments.ts';
import { isFailure } from '../../github/failure.ts';
import { getRef } from '../../github/refs.ts';
import { type History, historyOf } from '../../git/history.ts';
import { missingChanges, type ReleasePlace } from './change-in-release.ts';
import type { SchedulerPorts } from './ports.ts';
import { loadPolicy } from '../stored.ts';
import { probe } from './probe.ts';

export function checkRelease(ports: SchedulerPorts): SchedulerActivities['checkRelease'] {
  return async input => {
    const { context, effect } = input;
    const { merge, into } = effect;
    const { release: rules, workspace } = await loadPolicy(ports.artifacts, context.policy);
    const deployed =
      rules.verify === 'deployment'
        ? await deploymentOf(ports, { issue: context.issue, environment: rules.environment, merge })
        : undefined;
    const onBranch = await relationToBranch(ports, context, { commit: merge, head: into });
    const missing = await missingIn(ports, input, { onBranch, deployed, history: historyOf(workspace) });
    const release: ReleaseFacts = {
      onDefaultBranch: onBranch !== 'without',
      deployment: deployed?.facts ?? null,
      ...(missing.length === 0 ? {} : { missing }),
      probes: await Promise.all(rules.probes.map(url => probe(ports.fetch, url))),
    };
    return { type: 'release-checked', release };
  };
}

interface Found {
  readonly onBranch: Relation;
  readonly deployed: Deployed | undefined;
  readonly history: History;
}

/** Where something came after the merge. The merge itself has the change, unless a person made it in some way. */
async function missingIn(
  ports: SchedulerPorts,
  { context, effect: { merge, into }, change, byPerson }: CheckReleaseInput,
  { onBranch, deployed, history }: Found,
): Promise<readonly ChangeMissing[]> {
  if (change === undefined) return [];
  const isAsked = (relation: Relation | undefined): boolean =>
    relation === 'later' || (relation === 'same' && byPerson === true);
  const branch = onBranch === 'same' ? { commit: merge } : { branch: into };
  const places: readonly ReleasePlace[] = [
    ...(isAsked(onBranch) ? [{ where: 'default-branch', of: branch } as const] : []),
    ...(deployed !== undefined && isAsked(deployed.relation)
      ? [{ where: 'deployment', of: { commit: deployed.commit } } as const]
      : []),
  ];
  return await missingChanges(ports, { context, change, places, history });
}

interface DeploymentQuestion {
  readonly issue: IssueRef;
  readonly environment: string;
  readonly merge: string;
}

interface Deployed {
  readonly commit: string;
  readonly relation: Relation;
  readonly facts: NonNullable<ReleaseFacts['deployment']>;
}

/** Only the newest deployment counts: older ones do not show what runs in the environment now. */
async function deploymentOf(
  ports: SchedulerPorts,
  question: DeploymentQuestion,
): Promise<Deployed | undefined> {
  const { owner, repo } = question.issue;
  const [newest] = await listDeployments(ports.github, {
    owner,
    repo,
    environment: question.environment,
    deploymentsMax: 1,
  });
  if (newest === undefined) return undefined;
  const relation = await relationOf(ports, question.issue, { commit: question.merge, head: newest.sha });
  const facts = {
    state: stateOf(newest),
    containsMerge: relation !== 'without',
    url: newest.environmentUrl ?? '',
    since: Date.parse(newest.stateAt ?? newest.createdAt),
  };
  return { commit: newest.sha, relation, facts };
}

function stateOf(deployment: Deployment): 'success' | 'failure' | 'pending' {
  if (deployment.state === 'success') return 'success';
  return deployment.state === 'failure' || deployment.state === 'error' ? 'failure' : 'pending';
}

/** A target branch can be deleted after the merge: then the merge is on no branch that the issue is for. */
async function relationToBranch(
  ports: SchedulerPorts,
  { issue, repository }: EffectContext,
  asked: { commit: string; head: string },
): Promise<Relation> {
  try {
    return await relationOf(ports, issue, asked);
  } catch (error) {
    const isTarget = repository?.target?.branch === asked.head;
    if (!isTarget || !isFailure(error, 'not-found')) throw error;
    const { owner, repo } = issue;
    if ((await getRef(ports.github, { owner, repo, branch: asked.head })) !== undefined) throw error;
    return 'without';
  }
}

/** `same` as the merge, `later` (and containing it), or `without` it. */
type Relation = 'same' | 'later' | 'without';

async function relationOf(
  ports: SchedulerPorts,
  issue: IssueRef,
  { commit, head }: { commit: string; head: string },
): Promise<Relation> {
  if (commit === head) return 'same';
  const relation = await compare(ports.github, { owner: issue.owner, repo: issue.repo, base: commit, head });
  if (relation === 'identical') return 'same';
  return relation === 'ahead' ? 'later' : 'without';
}
