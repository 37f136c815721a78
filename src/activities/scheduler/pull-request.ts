/** Opens the only pull request of a generation, after looking for one in any state by its head; updates it after a rework. */
import type { SchedulerActivities } from '../../contracts/activities.ts';
import type { IssueRef } from '../../domain/issue-ref.ts';
import type { GitHub } from '../../github/client.ts';
import { createPull, findByHead, getPull, type Pull, updatePull } from '../../github/pulls.ts';
import { TransientFailure } from '../effect-failure.ts';
import type { SchedulerPorts } from './ports.ts';
import { observedPullRequest } from './read-pull-request.ts';

export function openPullRequest({ github }: SchedulerPorts): SchedulerActivities['openPullRequest'] {
  return async ({ context, effect }) => {
    const { number, title, body } = effect;
    const { owner, repo } = context.issue;
    const pull =
      number === undefined
        ? await findOrCreate(github, context.issue, effect)
        : await updatePull(github, { owner, repo, number, title, body });
    return { type: 'pull-request-opened', pullRequest: observedPullRequest(pull, []) };
  };
}

type Plan = Parameters<SchedulerActivities['openPullRequest']>[0]['effect'];

/** Also finds a closed pull request: that a person closed it is a fact for the rules, not a reason to open a second one. */
async function findOrCreate(github: GitHub, issue: IssueRef, plan: Plan): Promise<Pull> {
  const { owner, repo } = issue;
  const [found] = await findByHead(github, { owner, repo, branch: plan.branch });
  if (found === undefined) return await create(github, issue, plan);
  return await getPull(github, { owner, repo, number: found.number });
}

async function create(github: GitHub, { owner, repo }: IssueRef, plan: Plan): Promise<Pull> {
  const { branch: head, into: base, title, body } = plan;
  const answer = await createPull(github, { owner, repo, head, base, title, body });
  if (answer.kind === 'exists')
    throw new TransientFailure(
      'PullRequestAppeared',
      'someone else opened a pull request for this branch in the meantime',
    );
  return answer.pull;
}
