/** One look at GitHub: reads only the requested facets, and judges nothing. */
import { randomBytes } from 'node:crypto';
import type { EffectContext, LookInput, SchedulerActivities } from '../../contracts/activities.ts';
import { parseContract } from '../../domain/contract.ts';
import { commandsIn } from '../../domain/command.ts';
import type { IssueRef } from '../../domain/issue-ref.ts';
import type { Observation, ObservedCommand, ObservedIssue } from '../../domain/observation.ts';
import type { Policy } from '../../domain/policy.ts';
import { visible } from '../../domain/posted-text.ts';
import { statusMarker } from '../../domain/projection.ts';
import { riskOfText } from '../../domain/risk.ts';
import { sameLogin } from '../../github/actor.ts';
import { listComments } from '../../github/comments.ts';
import { isFailure } from '../../github/failure.ts';
import { readEdits } from '../../github/issue-edits.ts';
import { getIssue, type Issue, listOptIns, whoLabelled } from '../../github/issues.ts';
import { getRepository } from '../../github/repository.ts';
import { roleOf } from '../../github/roles.ts';
import type { SchedulerPorts } from './ports.ts';
import { loadPolicy, putCanonical, type Snapshot } from '../stored.ts';
import { accountType } from './account-type.ts';
import { readPullRequest } from './read-pull-request.ts';

/** Nobody guesses or computes it. */
const SECRET_BYTES = 16;

export function look(ports: SchedulerPorts): SchedulerActivities['look'] {
  return async input => {
    const { facets, context } = input;
    const pull = await readPull(ports, input);
    const comments = facets.includes('comments')
      ? await orGone(ports, context.issue, () => readComments(ports, input))
      : undefined;
    if (comments !== undefined && 'gone' in comments) return { facets, issue: comments, ...pull };
    const found = { ...(comments === undefined ? {} : { comments }), ...pull };
    if (!facets.includes('issue') && !(isApproved(found) && (await isEdited(ports, input))))
      return { facets, ...found };
    const issue = await orGone(ports, context.issue, () => readIssue(ports, context));
    if ('gone' in issue) return { facets, issue, ...pull };
    const read = [...new Set([...facets, 'issue' as const])];
    return { facets: read, issue: await withEdition(ports, context.issue, issue), ...found };
  };
}

async function readPull(
  ports: SchedulerPorts,
  { facets, context, pullRequest: number, reviewsSeen }: LookInput,
): Promise<Pick<Observation, 'pullRequest'>> {
  if (!facets.includes('pull-request') || number === undefined) return {};
  return { pullRequest: await readPullRequest(ports, { ...context.issue, number, reviewsSeen }) };
}

/** An approval is judged with the text as it is after the approval was written: every edit before it is then seen. */
function isApproved({ comments, pullRequest }: Pick<Observation, 'comments' | 'pullRequest'>): boolean {
  return (
    comments?.commands.some(({ request }) => request.kind === 'approve') === true ||
    pullRequest?.reviews.some(({ state }) => state === 'approved') === true
  );
}

/** Since the workflow has read the text. */
async function isEdited({ github }: SchedulerPorts, { context, edits }: LookInput): Promise<boolean> {
  if (edits === undefined) return true;
  const { owner, repo, number } = context.issue;
  const now = await readEdits(github, { owner, repo, issue: number });
  return now.count !== edits.count || now.lastAt !== edits.lastAt;
}

/** GitHub's edits are read after the text: an edit in between then shows as one, at the latest in the next look. */
async function withEdition(
  { github }: SchedulerPorts,
  { owner, repo, number }: IssueRef,
  issue: ObservedIssue,
): Promise<ObservedIssue> {
  const edits = await readEdits(github, { owner, repo, issue: number });
  return { ...issue, edits, secret: randomBytes(SECRET_BYTES).toString('hex') };
}

/** The result, or how the issue is gone, if the request shows that. */
async function orGone<T>(
  ports: SchedulerPorts,
  issue: IssueRef,
  read: () => Promise<T>,
): Promise<T | { readonly gone: 'transferred' | 'deleted' | 'not-found' }> {
  try {
    return await read();
  } catch (error) {
    return { gone: await howGone(ports, issue, error) };
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

async function readIssue(ports: SchedulerPorts, { issue, policy }: EffectContext): Promise<ObservedIssue> {
  const { owner, repo, number } = issue;
  const rules = await loadPolicy(ports.artifacts, policy);
  const found = await getIssue(ports.github, { owner, repo, issue: number });
  return await observed(ports, { owner, repo, issue: found }, rules);
}

interface Found {
  readonly owner: string;
  readonly repo: string;
  readonly issue: Issue;
}

async function observed(
  ports: SchedulerPorts,
  { owner, repo, issue }: Found,
  policy: Policy,
): Promise<ObservedIssue> {
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
    ...(await optIn(ports, { owner, repo, issue }, policy.optIn.label)),
  };
}

/** The opt-in depends on who added the label, so a label without an event is no opt-in. */
async function optIn(
  { github }: SchedulerPorts,
  { owner, repo, issue }: Found,
  label: string,
): Promise<Pick<ObservedIssue, 'optIn' | 'lastAct'>> {
  if (!issue.labels.some(given => given.toLowerCase() === label.toLowerCase())) return { optIn: null };
  const events = await listOptIns(github, { owner, repo, issue: issue.number, label });
  const lastAct = Math.max(0, ...events.map(({ id }) => id));
  const by = whoLabelled(events);
  if (by === undefined) return { optIn: null, lastAct };
  const role = await roleOf(github, { owner, repo, login: by.login });
  return { optIn: { by: { login: by.login, type: accountType(by.type) }, role }, lastAct };
}

async function readComments(ports: SchedulerPorts, { context, commentsReadTo }: LookInput) {
  const { owner, repo, number } = context.issue;
  const comments = await listComments(ports.github, { owner, repo, issue: number });
  const fresh = comments.filter(comment => comment.id > commentsReadTo);
  const ownLogin = comments.length === 0 ? '' : await ports.ownLogin();
  const marker = statusMarker(context);
  const status = comments.find(({ author, body }) => sameLogin(author, ownLogin) && body.includes(marker));
  const commands: ObservedCommand[] = [];
  for (const comment of fresh) {
    const said = sameLogin(comment.author, ownLogin) ? [] : commandsIn(comment.body);
    if (said.length === 0) continue;
    const written = {
      commentId: comment.id,
      author: { login: comment.author, type: accountType(comment.authorType) },
      role: await roleOf(ports.github, { owner, repo, login: comment.author }),
      edited: comment.edited,
    };
    for (const { position, ...command } of said)
      commands.push({ ...written, ...(position === 0 ? {} : { position }), ...command });
  }
  const lastId = Math.max(commentsReadTo, ...fresh.map(comment => comment.id));
  return { commands, lastId, status: status?.id ?? null };
}
