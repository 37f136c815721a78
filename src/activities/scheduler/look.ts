/** One look at GitHub: reads only the requested facets, and judges nothing. */
import type { LookInput, SchedulerActivities } from '../../contracts/activities.ts';
import { parseContract } from '../../domain/contract.ts';
import { parseCommand } from '../../domain/decision.ts';
import type { IssueRef } from '../../domain/issue-ref.ts';
import type { IssueReading, Observation, ObservedCommand, ObservedIssue } from '../../domain/observation.ts';
import type { Policy } from '../../domain/policy.ts';
import { visible } from '../../domain/posted-text.ts';
import { statusMarker } from '../../domain/projection.ts';
import { riskOfText } from '../../domain/risk.ts';
import { sameLogin } from '../../github/actor.ts';
import { type Comment, getComment, listComments } from '../../github/comments.ts';
import { isFailure } from '../../github/failure.ts';
import { getIssue, type Issue, listOptIns, saysWhoLabelled, whoLabelled } from '../../github/issues.ts';
import { getRepository } from '../../github/repository.ts';
import { roleOf, rolesIn } from '../../github/roles.ts';
import type { SchedulerPorts } from './ports.ts';
import { loadPolicy, putCanonical, type Snapshot } from '../stored.ts';
import { accountType } from './account-type.ts';
import { readPullRequest } from './read-pull-request.ts';

export function look(ports: SchedulerPorts): SchedulerActivities['look'] {
  return async input => {
    const { facets, context, pullRequest: number, reviewsSeen } = input;
    const place = { ...context.issue, reviewsSeen };
    return {
      facets,
      ...(await readThread(ports, input)),
      ...(facets.includes('pull-request') && number !== undefined
        ? { pullRequest: await readPullRequest(ports, { ...place, number }) }
        : {}),
    };
  };
}

/** The issue and its comments. If either request shows that the issue is gone, only that is returned. */
async function readThread(
  ports: SchedulerPorts,
  input: LookInput,
): Promise<Pick<Observation, 'issue' | 'comments'>> {
  const { facets } = input;
  try {
    return {
      ...(facets.includes('issue') ? { issue: await readIssue(ports, input) } : {}),
      ...(facets.includes('comments') ? { comments: await readComments(ports, input) } : {}),
    };
  } catch (error) {
    return { issue: { gone: await howGone(ports, input.context.issue, error) } };
  }
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

async function readIssue(ports: SchedulerPorts, { context, optedIn }: LookInput): Promise<IssueReading> {
  const { owner, repo, number } = context.issue;
  const rules = await loadPolicy(ports.artifacts, context.policy);
  const found = await getIssue(ports.github, { owner, repo, issue: number });
  return await observed(ports, { owner, repo, issue: found, optedIn }, rules);
}

interface Found {
  readonly owner: string;
  readonly repo: string;
  readonly issue: Issue;
  readonly optedIn: LookInput['optedIn'];
}

async function observed(ports: SchedulerPorts, found: Found, policy: Policy): Promise<IssueReading> {
  const { issue } = found;
  const snapshot: Snapshot = { version: 1, title: visible(issue.title), body: visible(issue.body) };
  const { contract, missing, unclear } = parseContract(snapshot.body);
  return {
    digest: await putCanonical(ports.artifacts, snapshot),
    title: snapshot.title,
    url: issue.htmlUrl,
    author: issue.author,
    state: issue.state,
    labels: issue.labels,
    contract: {
      missing,
      unclear,
      ...(contract.mode === undefined ? {} : { mode: contract.mode }),
      ...(contract.declaredRisk === undefined ? {} : { declaredRisk: contract.declaredRisk }),
      wordRisk: riskOfText(`${snapshot.title}\n${snapshot.body}`, policy.risk),
    },
    ...(await optIn(ports, found, policy.optIn.label)),
  };
}

/** The opt-in depends on who added the label, so a label without an event is no opt-in. */
async function optIn(
  { github }: SchedulerPorts,
  { owner, repo, issue, optedIn }: Found,
  label: string,
): Promise<Pick<ObservedIssue, 'optIn' | 'lastAct' | 'eventsReadTo'>> {
  if (!issue.labels.some(given => given.toLowerCase() === label.toLowerCase())) return { optIn: null };
  // The policy may name another label now, which somebody else has added.
  const before = optedIn?.readTo.label === label ? optedIn : undefined;
  const { acts, newest } = await listOptIns(github, {
    ...{ owner, repo, issue: issue.number, label },
    enough: (found, oldest) => saysWhoLabelled(found) || (before !== undefined && oldest <= before.readTo.id),
  });
  const known = {
    lastAct: Math.max(0, ...acts.map(({ id }) => id)),
    eventsReadTo: { id: newest, label },
  };
  const labelled = whoLabelled(acts);
  const by =
    labelled === undefined ? before?.by : { login: labelled.login, type: accountType(labelled.type) };
  if (by === undefined) return { optIn: null, ...known };
  return { optIn: { by, role: await roleOf(github, { owner, repo, login: by.login }) }, ...known };
}

async function readComments(ports: SchedulerPorts, input: LookInput): Promise<CommentsReading> {
  const { context, commentsReadTo, commentsSince } = input;
  const { owner, repo, number } = context.issue;
  const since = commentsSince === undefined ? {} : { since: commentsSince };
  const comments = await listComments(ports.github, { owner, repo, issue: number, ...since });
  const fresh = comments.filter(comment => comment.id > commentsReadTo);
  const ownLogin = comments.length === 0 ? '' : await ports.ownLogin();
  const roleFor = rolesIn(ports.github, { owner, repo });
  const commands: ObservedCommand[] = [];
  for (const comment of fresh) {
    const request = parseCommand(comment.body);
    if (request === undefined || sameLogin(comment.author, ownLogin)) continue;
    commands.push({
      commentId: comment.id,
      author: { login: comment.author, type: accountType(comment.authorType) },
      role: await roleFor(comment.author),
      edited: comment.edited,
      request,
    });
  }
  const lastId = Math.max(commentsReadTo, ...fresh.map(comment => comment.id));
  return {
    commands,
    lastId,
    ...nextSince(comments, commentsSince),
    status: await statusIn(ports, { comments, ownLogin, input }),
  };
}

type CommentsReading = NonNullable<Observation['comments']>;

/** A list with this many comments, all as long as GitHub allows, fits into one response. */
const SHORT_LIST = 30;
/** GitHub's times are whole seconds, and of several servers. */
const OVERLAP_MS = 60_000;

/** Reading a short list again is cheaper than asking for its status comment. */
function nextSince(comments: readonly Comment[], before: string | undefined): Pick<CommentsReading, 'since'> {
  if (before === undefined && comments.length < SHORT_LIST) return {};
  const latest = comments.at(-1)?.createdAt;
  if (latest === undefined) return before === undefined ? {} : { since: before };
  return { since: new Date(Date.parse(latest) - OVERLAP_MS).toISOString() };
}

interface CommentsRead {
  readonly comments: readonly Comment[];
  readonly ownLogin: string;
  readonly input: LookInput;
}

/** When only new comments are read, the status comment is usually older, and may have been deleted. */
async function statusIn(
  { github }: SchedulerPorts,
  { comments, ownLogin, input }: CommentsRead,
): Promise<number | null> {
  const { context, commentsSince, statusComment } = input;
  const { owner, repo } = context.issue;
  const marker = statusMarker(context);
  const found = comments.find(({ author, body }) => sameLogin(author, ownLogin) && body.includes(marker));
  if (found !== undefined || commentsSince === undefined || statusComment === undefined)
    return found?.id ?? null;
  return (await getComment(github, { owner, repo, commentId: statusComment }))?.id ?? null;
}
