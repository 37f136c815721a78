/**
 * Opens the only pull request of a generation, after looking for one in any state by its head; updates it after a rework. A
 * text that GitHub refuses is replaced by one without text of others.
 */
import type { SchedulerActivities } from '../../contracts/activities.ts';
import type { IssueRef } from '../../domain/issue-ref.ts';
import { omit } from '../../domain/omit.ts';
import { shortPullRequestBody } from '../../domain/pull-request-text.ts';
import { sameLogin } from '../../github/actor.ts';
import type { GitHub } from '../../github/client.ts';
import { isRefusedWrite } from '../../github/failure.ts';
import { saysNoDrafts } from '../../github/messages.ts';
import { createPull, findByHead, getPull, type Pull, updatePull } from '../../github/pulls.ts';
import { TransientFailure } from '../effect-failure.ts';
import type { SchedulerPorts } from './ports.ts';
import { observedPullRequest } from './read-pull-request.ts';

export function openPullRequest(ports: SchedulerPorts): SchedulerActivities['openPullRequest'] {
  return async ({ context, effect }) => {
    const { number } = effect;
    if (number !== undefined)
      return opened({ pull: await describe(ports.github, context.issue, { ...effect, number }) });
    return opened(await findOrCreate(ports, context.issue, effect));
  };
}

interface Opened {
  readonly pull: Pull;
  readonly draft?: Fact['draft'];
}

type Fact = Awaited<ReturnType<SchedulerActivities['openPullRequest']>>;

function opened({ pull, draft }: Opened): Fact {
  return {
    ...{ type: 'pull-request-opened', pullRequest: observedPullRequest(pull, []) },
    ...(draft === undefined ? {} : { draft }),
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
async function findOrCreate(ports: SchedulerPorts, issue: IssueRef, plan: Plan): Promise<Opened> {
  const { owner, repo } = issue;
  const { github } = ports;
  const [found] = await findByHead(github, { owner, repo, branch: plan.branch });
  if (found === undefined) return await create(github, issue, plan);
  const pull = await getPull(github, { owner, repo, number: found.number });
  // A person may have opened a draft from our branch.
  const isOurDraft = plan.draft === true && pull.draft && sameLogin(pull.author, await ports.ownLogin());
  return { pull, ...(isOurDraft ? { draft: 'opened' } : {}) };
}

/** Without drafts, and then without text of others, if GitHub refuses it so. */
async function create(github: GitHub, issue: IssueRef, plan: Plan): Promise<Opened> {
  try {
    return await send(github, issue, plan);
  } catch (error) {
    if (!isRefusedWrite(error)) throw error;
    if (plan.draft !== true || !saysNoDrafts(error.message))
      return await send(github, issue, { ...plan, ...plain(issue) });
    return { ...(await create(github, issue, omit(plan, 'draft'))), draft: 'refused' };
  }
}

async function send(github: GitHub, { owner, repo }: IssueRef, plan: Plan): Promise<Opened> {
  const { branch: head, into: base, title, body, draft } = plan;
  const asDraft = draft === undefined ? {} : { draft };
  const answer = await createPull(github, { owner, repo, head, base, title, body, ...asDraft });
  if (answer.kind === 'exists')
    throw new TransientFailure(
      'PullRequestAppeared',
      'someone else opened a pull request for this branch in the meantime',
    );
  return { pull: answer.pull, ...(draft === true ? { draft: 'opened' } : {}) };
}
