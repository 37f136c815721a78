/** One look at GitHub: reads only the requested facets, and judges nothing. */
import { randomBytes } from 'node:crypto';
import type { EffectContext, LookInput, SchedulerActivities } from '../../contracts/activities.ts';
import { commandsIn } from '../../domain/command.ts';
import { type ContractReading, parseContract } from '../../domain/contract.ts';
import type { IssueRef } from '../../domain/issue-ref.ts';
import type {
  IssueReading,
  Observation,
  ObservedCommand,
  ObservedIssue,
  ObservedPullRequest,
} from '../../domain/observation.ts';
import type { Policy } from '../../domain/policy.ts';
import { visible } from '../../domain/invisible.ts';
import { statusMarker } from '../../domain/projection.ts';
import { riskOfText } from '../../domain/risk.ts';
import { hideSecrets } from '../../git/secret-rules.ts';
import { secretKindsIn } from '../../git/secret-scan.ts';
import { sameLogin } from '../../github/actor.ts';
import { type Comment, getComment, listComments } from '../../github/comments.ts';
import { isFailure } from '../../github/failure.ts';
import { readEdits } from '../../github/issue-edits.ts';
import { getIssue, type Issue, listOptIns, saysWhoLabelled, whoLabelled } from '../../github/issues.ts';
import { getRepository } from '../../github/repository.ts';
import { roleOf } from '../../github/roles.ts';
import type { SchedulerPorts } from './ports.ts';
import { loadPolicy, putCanonical, type Snapshot } from '../stored.ts';
import { accountType } from './account-type.ts';
import { type KnownTexts, templateReader } from './issue-templates.ts';
import { readPullRequest } from './read-pull-request.ts';

/** Nobody guesses or computes it. */
const SECRET_BYTES = 16;

export function look(scheduler: SchedulerPorts): SchedulerActivities['look'] {
  const ports = { ...scheduler, knownTexts: templateReader(scheduler.github) };
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

interface LookPorts extends SchedulerPorts {
  readonly knownTexts: KnownTexts;
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
  ports: LookPorts,
  input: LookInput,
  pull: ObservedPullRequest | undefined,
): Promise<Pick<Observation, 'issue' | 'comments'>> {
  const { facets } = input;
  try {
    const comments = facets.includes('comments') ? await readComments(ports, input) : undefined;
    const isApproved =
      comments?.commands.some(({ request }) => request.kind === 'approve') === true ||
      pull?.reviews.some(({ state }) => state === 'approved') === true;
    return {
      ...(facets.includes('issue') || isApproved ? { issue: await readIssue(ports, input) } : {}),
      ...(comments === undefined ? {} : { comments }),
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

async function readIssue(ports: LookPorts, { context, optedIn }: LookInput): Promise<IssueReading> {
  const { owner, repo, number } = context.issue;
  const rules = await loadPolicy(ports.artifacts, context.policy);
  const issue = await getIssue(ports.github, { owner, repo, issue: number });
  return await observed(ports, { owner, repo, issue, optedIn, context }, rules);
}

/** Hidden text that comes from the repository's own templates is known. */
async function readContract(
  { knownTexts }: LookPorts,
  body: string,
  context: EffectContext,
): Promise<ContractReading> {
  const reading = parseContract(body);
  return reading.hidden.length === 0 ? reading : parseContract(body, await knownTexts(context));
}

interface Found {
  readonly owner: string;
  readonly repo: string;
  readonly issue: Issue;
  readonly optedIn: LookInput['optedIn'];
  readonly context: EffectContext;
}

async function observed(ports: LookPorts, found: Found, policy: Policy): Promise<IssueReading> {
  const { issue, context } = found;
  const snapshot: Snapshot = { version: 1, title: visible(issue.title), body: visible(issue.body) };
  const { contract, missing, unclear, unread } = await readContract(ports, snapshot.body, context);
  const secrets = await secretNotes(`${issue.title}\n${issue.body}`);
  const wordRisk = riskOfText(`${snapshot.title}\n${snapshot.body}`, policy.risk);
  return {
    digest: await putCanonical(ports.artifacts, snapshot),
    title: hideSecrets(snapshot.title),
    url: issue.htmlUrl,
    author: issue.author,
    state: issue.state,
    labels: issue.labels,
    contract: {
      missing,
      unclear: [...secrets, ...unclear.map(hideSecrets)],
      ...(unread === undefined ? {} : { unread }),
      ...(contract.mode === undefined ? {} : { mode: contract.mode }),
      ...(contract.declaredRisk === undefined ? {} : { declaredRisk: contract.declaredRisk }),
      wordRisk: { ...wordRisk, reasons: wordRisk.reasons.map(hideSecrets) },
    },
    ...(await optIn(ports, found, policy.optIn.label)),
  };
}

/** The text is sent to the model, so the start gate asks first. The secret itself is never repeated. */
async function secretNotes(text: string): Promise<readonly string[]> {
  const kinds = await secretKindsIn(text);
  if (kinds.length === 0) return [];
  const what = `the text contains what looks like a secret (${kinds.join(', ')})`;
  return [`${what}, which would be sent to the model: remove it from the issue, and revoke it`];
}

/** The opt-in depends on who added the label, so a label without an event is no opt-in. */
async function optIn(
  { github }: SchedulerPorts,
  { owner, repo, issue, optedIn }: Found,
  label: string,
): Promise<Pick<ObservedIssue, 'optIn' | 'lastAct' | 'eventsReadTo'>> {
  if (!issue.labels.some(given => given.toLowerCase() === label.toLowerCase())) return { optIn: null };
  const { acts, newest } = await listOptIns(github, {
    ...{ owner, repo, issue: issue.number, label },
    enough: (found, oldest) => saysWhoLabelled(found) || (optedIn !== undefined && oldest <= optedIn.readTo),
  });
  const known = { lastAct: Math.max(0, ...acts.map(({ id }) => id)), eventsReadTo: newest };
  const labelled = whoLabelled(acts);
  const by =
    labelled === undefined ? optedIn?.by : { login: labelled.login, type: accountType(labelled.type) };
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
