/**
 * Opens the only pull request of a generation, after looking for one in any state by its head; updates it after a rework. A
 * text that GitHub refuses is replaced by one without text of others.
 */
import type { SchedulerActivities } from '../../contracts/activities.ts';
import type { IssueRef } from '../../domain/issue-ref.ts';
import { shortPullRequestBody } from '../../domain/pull-request-text.ts';
import type { GitHub } from '../../github/client.ts';
import { isRefusedWrite } from '../../github/failure.ts';
import { createPull, findByHead, getPull, type Pull, updatePull } from '../../github/pulls.ts';
import { TransientFailure } from '../effect-failure.ts';
import type { SchedulerPorts } from './ports.ts';
import { observedPullRequest } from './read-pull-request.ts';

export function openPullRequest({ github }: SchedulerPorts): SchedulerActivities['openPullRequest'] {
  return async ({ context, effect }) => {
    const { number } = effect;
    const pull =
      number === undefined
        ? await findOrCreate(github, context.issue, effect)
        : await describe(github, context.issue, { ...effect, number });
    return { type: 'pull-request-opened', pullRequest: observedPullRequest(pull, []) };
  };
}

type Plan = Parameters<SchedulerActivities['openPullRequest']>[0]['effect'];

/** The pull request counts, not its text: if GitHub refuses both texts, the old one stays. */
async function describe(
  github: GitHub,
  issue: IssueRef,
  plan: Plan & { readonly number: number },
): Promise<Pull> {
  const at = { owner: issue.owner, repo: issue.repo, number: plan.number };
  if (plan.retarget === true) await updatePull(github, { ...at, base: plan.into });
  const texts = [plan, plain(issue)];
  for (const { title, body } of texts) {
    try {
      return await updatePull(github, { ...at, title, body });
    } catch (error) {
      if (!isRefusedWrite(error)) throw error;
    }
  }
  return await getPull(github, at);
}

/** Texts without a word by others. */
function plain(issue: IssueRef): Pick<Plan, 'title' | 'body'> {
  return { title: `Change for issue ${issue.number}`, body: shortPullRequestBody(issue) };
}

/** Also finds a closed pull request: that a person closed it is a fact for the rules, not a reason to open a second one. */
async function findOrCreate(github: GitHub, issue: IssueRef, plan: Plan): Promise<Pull> {
  const { owner, repo } = issue;
  const [found] = await findByHead(github, { owner, repo, branch: plan.branch });
  if (found !== undefined) return await getPull(github, { owner, repo, number: found.number });
  try {
    return await create(github, issue, plan);
  } catch (error) {
    if (!isRefusedWrite(error)) throw error;
    return await create(github, issue, { ...plan, ...plain(issue) });
  }
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
