/** One look at GitHub: reads only the requested facets, and judges nothing. */
import type { LookInput, SchedulerActivities } from '../../contracts/activities.ts';
import { editedSince } from '../../domain/edition.ts';
import type { IssueRef } from '../../domain/issue-ref.ts';
import type { Facet, Observation } from '../../domain/observation.ts';
import { isFailure } from '../../github/failure.ts';
import { readEdits } from '../../github/issue-edits.ts';
import { getRef } from '../../github/refs.ts';
import { getRepository } from '../../github/repository.ts';
import { templateReader } from './issue-templates.ts';
import type { SchedulerPorts } from './ports.ts';
import { readChecks } from './read-checks.ts';
import { readComments } from './read-comments.ts';
import { type ReadIssue, readIssue, type ReadIssuePorts } from './read-issue.ts';
import { readPullComments } from './read-pull-comments.ts';
import { type PullRequestPlace, readPullRequest } from './read-pull-request.ts';

export function look(scheduler: SchedulerPorts): SchedulerActivities['look'] {
  const ports = { ...scheduler, knownTexts: templateReader(scheduler.github) };
  return async input => {
    const { facets, context, pullRequest: number } = input;
    const place = { ...context.issue, ...reviewsOf(input), ...branchOf(input), ...alsoAsked(input) };
    const pull =
      facets.includes('pull-request') && number !== undefined
        ? await readPull(ports, input, { ...place, number })
        : {};
    const thread = await readThread(ports, input, pull);
    const target = await readTarget(ports, input);
    const checks = await readCi(ports, input);
    return { facets: facetsRead(facets, thread), ...thread, ...pull, ...target, ...checks };
  };
}

/** What is read only where it is asked for. */
function alsoAsked({ threads, suggestions, handedOver }: LookInput): Partial<PullRequestPlace> {
  return {
    ...(threads === undefined ? {} : { threads }),
    ...(suggestions === undefined ? {} : { suggestions }),
    ...(handedOver === undefined ? {} : { handedOver: true }),
  };
}

/** Only a missing target branch is looked for; the others are read with the policy. */
async function readTarget(
  { github }: SchedulerPorts,
  { facets, context }: LookInput,
): Promise<Pick<Observation, 'target'>> {
  const { issue, repository } = context;
  const { target } = repository ?? {};
  if (!facets.includes('branch') || target?.isMissing !== true) return {};
  const { branch } = target;
  const head = await getRef(github, { owner: issue.owner, repo: issue.repo, branch });
  return { target: { branch, head: head ?? null } };
}

function reviewsOf({ reviewsSeen, reviewsSettled, reviewsJudged, reviewsReadTo, linesRead }: LookInput) {
  return {
    reviewsSeen,
    ...(reviewsSettled === undefined ? {} : { reviewsSettled }),
    ...(reviewsJudged === undefined ? {} : { reviewsJudged }),
    ...(reviewsReadTo === undefined ? {} : { reviewsReadTo }),
    ...(linesRead === undefined ? {} : { linesRead }),
  };
}

async function readCi(ports: SchedulerPorts, input: LookInput): Promise<Pick<Observation, 'checks'>> {
  const { facets, checks: asked } = input;
  if (!facets.includes('checks') || asked === undefined) return {};
  return { checks: await readChecks(ports, input, asked) };
}

function branchOf({ branch, context: { repository } }: LookInput): Partial<PullRequestPlace> {
  if (branch === undefined || repository === undefined) return {};
  return { branch, into: repository.target?.branch ?? repository.defaultBranch };
}

type PullRead = Pick<Observation, 'pullRequest' | 'pullComments' | 'lines'>;

async function readPull(ports: SchedulerPorts, input: LookInput, place: PullRequestPlace): Promise<PullRead> {
  const { pull, ...read } = await readPullRequest(ports, place);
  const pullComments = await readPullComments(ports, input, pull);
  return { ...read, ...(pullComments === undefined ? {} : { pullComments }) };
}

type Thread = Pick<Observation, 'issue' | 'comments'>;

/** An approval can have the issue read that was not asked for. */
function facetsRead(asked: readonly Facet[], { issue }: Thread): readonly Facet[] {
  return issue === undefined || 'gone' in issue ? asked : [...new Set([...asked, 'issue' as const])];
}

/** The issue and its comments. If a request shows that the issue is gone, only that is returned. */
async function readThread(ports: ReadIssuePorts, input: LookInput, pull: PullRead): Promise<Thread> {
  const { facets } = input;
  try {
    const issue = facets.includes('issue') ? await readIssue(ports, input) : undefined;
    const comments = facets.includes('comments') ? await readComments(ports, input, issue) : undefined;
    const thread = {
      ...(issue === undefined ? {} : { issue: issue.reading }),
      ...(comments === undefined ? {} : { comments }),
    };
    return isApproved(input, thread, pull)
      ? { ...thread, ...(await readAgain(ports, input, issue)) }
      : thread;
  } catch (error) {
    return { issue: { gone: await howGone(ports, input.context.issue, error) } };
  }
}

/** Whether this look has an approval that an edit could void. */
function isApproved(
  { edition }: LookInput,
  { comments }: Thread,
  { pullRequest, pullComments }: PullRead,
): boolean {
  if (edition === undefined) return false;
  return (
    edition.approvedOverTemporal ||
    [comments, pullComments].some(read => read?.commands.some(({ request }) => request.kind === 'approve')) ||
    (pullRequest?.reviews ?? []).some(
      ({ state, reviewId }) => state === 'approved' && !edition.reviewsCounted.includes(reviewId),
    )
  );
}

/**
 * Reads GitHub's record of the edits after the approvals, so that it has each edit before them. The issue is read again
 * only if it may have been edited since it was read.
 */
async function readAgain(
  ports: ReadIssuePorts,
  input: LookInput,
  read: ReadIssue | undefined,
): Promise<Thread> {
  const { owner, repo, number } = input.context.issue;
  const edits = await readEdits(ports.github, { owner, repo, issue: number });
  const isCertain = editedSince(read?.reading ?? input.edition ?? {}, edits) === 'no';
  if (isCertain && read === undefined) return {};
  const { reading } = isCertain && read !== undefined ? read : await readIssue(ports, input);
  return { issue: { ...reading, edits } };
}

/** `moved` may also mean that the repository was renamed; `getRepository` then throws, and a person must fix the name. */
async function howGone(
  { github }: SchedulerPorts,
  { owner, repo }: IssueRef,
  error: unknown,
): Promise<'transferred' | 'deleted' | 'not-found'> {
  if (isFailure(error, 'gone')) return 'deleted';
  if (isFailure(error, 'not-found')) return 'not-found';
  if (!isFailure(error, 'moved')) throw error;
  await getRepository(github, { owner, repo });
  return 'transferred';
}
