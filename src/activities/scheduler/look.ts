/** One look at GitHub: reads only the requested facets, and judges nothing. */
import { randomBytes } from 'node:crypto';
import type { EffectContext, LookInput, SchedulerActivities } from '../../contracts/activities.ts';
import { parseContract } from '../../domain/contract.ts';
import { commandsIn } from '../../domain/command.ts';
import type { IssueRef } from '../../domain/issue-ref.ts';
import type {
  IssueReading,
  Observation,
  ObservedCommand,
  ObservedIssue,
  ObservedPullRequest,
} from '../../domain/observation.ts';
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
    const { facets, context, pullRequest: number, reviewsSeen } = input;
    const place = { ...context.issue, reviewsSeen };
    const pull =
      facets.includes('pull-request') && number !== undefined
        ? { pullRequest: await readPullRequest(ports, { ...place, number }) }
        : {};
    const thread = await readThread(ports, input, pull.pullRequest);
    const { issue } = thread;
    if (issue === undefined || 'gone' in issue) return { facets, ...thread, ...pull };
    const read = [...new Set([...facets, 'issue' as const])];
    return { facets: read, ...thread, issue: await withEdition(ports, context.issue, issue), ...pull };
  };
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

/**
 * The comments, and after them the issue: an edit before an approval is then read no later than the approval. Therefore an
 * approval also has the issue read. If a request shows that the issue is gone, only that is returned.
 */
async function readThread(
  ports: SchedulerPorts,
  input: LookInput,
  pull: ObservedPullRequest | undefined,
): Promise<Pick<Observation, 'issue' | 'comments'>> {
  const { facets, context } = input;
  try {
    const comments = facets.includes('comments') ? await readComments(ports, input) : undefined;
    const isApproved =
      comments?.commands.some(({ request }) => request.kind === 'approve') === true ||
      pull?.reviews.some(({ state }) => state === 'approved') === true;
    return {
      ...(facets.includes('issue') || isApproved ? { issue: await readIssue(ports, context) } : {}),
      ...(comments === undefined ? {} : { comments }),
    };
  } catch (error) {
    return { issue: { gone: await howGone(ports, context.issue, error) } };
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

async function readIssue(ports: SchedulerPorts, { issue, policy }: EffectContext): Promise<IssueReading> {
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
): Promise<IssueReading> {
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
