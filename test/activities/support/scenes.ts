/** Issues, branches and pull requests to perform effects on, and what GitHub holds for them afterwards. */
import { repositoryName } from '../../support/github.ts';
import type { SchedulerStage } from './stage.ts';

/** Everything that effects may leave on one issue, without its own names and numbers. */
export async function heldOf(
  stage: SchedulerStage,
  issue: number,
  branch = branchOf(issue),
): Promise<unknown> {
  const { issues, comments } = stage.simulator.admin.repositories.get(repositoryName);
  const one = issues.get(issue);
  const pulls = [...issues.values()].filter(other => other.pull?.headRef === branch);
  const tip = await stage.person('acme').tip(branch);
  return {
    state: one?.state,
    labels: (one?.labels ?? []).map(({ name }) => name).sort(),
    comments: [...comments.values()]
      .filter(comment => comment.issueNumber === issue)
      .map(({ user, body }) => `${user.login}: ${body}`),
    branch: tip === undefined ? 'none' : tip === stage.repository.head ? 'on the base' : 'moved on',
    pulls: pulls.map(({ title, state, pull }) => ({
      title,
      state,
      merged: typeof pull?.mergedAt === 'string',
    })),
  };
}

export function branchOf(issue: number): string {
  return `ai/issue-${issue}-one`;
}

export function newIssue({ person }: SchedulerStage, title = 'One'): number {
  return person('alice').openIssue({ title, body: 'text' }).number;
}
