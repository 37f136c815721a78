/** REST: pull requests. */
import type { Json } from '../model.ts';
import { resolveRef, isAncestor } from '../git/objects.ts';
import { renderPull, renderPullSimple, type PullIssue } from '../render/pull.ts';
import { renderFileChange } from '../render/git.ts';
import { closeIssue, editIssue, reopenIssue } from '../acts/issues.ts';
import { createPull, openPullFor, pullFacts, pullFiles, requestReviewers } from '../acts/pulls.ts';
import { accountOf, isPull } from '../world.ts';
import { ApiError, invalid, unprocessable } from '../http/errors.ts';
import {
  created,
  flag,
  ok,
  param,
  requiredText,
  text,
  textList,
  type Call,
  type Reply,
} from '../http/exchange.ts';
import { paginated } from '../http/pages.ts';
import { repositoryRoute, type Route } from '../http/route.ts';
import { commitOf, pullOf, requireAuthorOr } from './lookup.ts';

const pulls = { permissions: ['pull_requests'] };
const creating = { ...pulls, contentCreating: true };

export const pullRoutes = (): Route[] => [
  repositoryRoute('GET /pulls', pulls, listPulls),
  repositoryRoute('POST /pulls', creating, openPull),
  repositoryRoute('GET /pulls/{pull_number}', pulls, async call => ok(await rendered(call, pullOf(call)))),
  repositoryRoute('PATCH /pulls/{pull_number}', pulls, patchPull),
  repositoryRoute('GET /pulls/{pull_number}/files', pulls, listFiles),
  repositoryRoute(
    'POST /pulls/{pull_number}/requested_reviewers',
    { ...pulls, role: 'triage' },
    askReviewers,
  ),
  repositoryRoute('GET /commits/{commit_sha}/pulls', pulls, pullsOfCommit),
];

const simple = (call: Call, issue: PullIssue): Json => renderPullSimple(call.world, call.repository, issue);

const rendered = async (call: Call, issue: PullIssue): Promise<Json> =>
  renderPull({ world: call.world, repository: call.repository, issue, facts: await pullFacts(call, issue) });

const allPulls = (call: Call): PullIssue[] => [...call.repository.issues.values()].filter(isPull);

/** Without `OWNER:` GitHub ignores the head filter. */
function listPulls(call: Call): Reply {
  const { query } = call;
  const state = query.get('state') ?? 'open';
  const base = query.get('base');
  const [owner, branch] = (query.get('head') ?? '').split(/:(.*)/s);
  const ours = owner?.toLowerCase() === call.repository.owner.login.toLowerCase();
  const headMatches = (issue: PullIssue): boolean =>
    branch === undefined || (ours && issue.pull.headRef === branch);
  const found = allPulls(call)
    .filter(issue => state === 'all' || issue.state === state)
    .filter(issue => (base === null || issue.pull.baseRef === base) && headMatches(issue));
  const rising = found.sort((a, b) => a.number - b.number);
  const listed = query.get('direction') === 'asc' ? rising : rising.reverse();
  return paginated(call, listed, issue => simple(call, issue));
}

async function openPull(call: Call): Promise<Reply> {
  const title = requiredText(call.body, 'title');
  const base = requiredText(call.body, 'base');
  const head = requiredText(call.body, 'head').replace(
    new RegExp(`^${call.repository.owner.login}:`, 'i'),
    '',
  );
  const { dir } = call.repository;
  const [headSha, baseSha] = await Promise.all([
    resolveRef(dir, `refs/heads/${head}`),
    resolveRef(dir, `refs/heads/${base}`),
  ]);
  if (headSha === undefined) throw invalidField('head');
  if (baseSha === undefined) throw invalidField('base');
  if (await isAncestor(dir, headSha, baseSha))
    throw invalid('PullRequest', `No commits between ${base} and ${head}`);
  if (openPullFor(call, head, base) !== undefined) {
    throw invalid('PullRequest', `A pull request already exists for ${call.repository.owner.login}:${head}.`);
  }
  const body = text(call.body, 'body') ?? null;
  const draft = flag(call.body, 'draft') ?? false;
  if (draft && !call.repository.hasDrafts)
    throw new ApiError(422, 'Draft pull requests are not supported in this repository.');
  return created(
    await rendered(call, await createPull(call, { title, body, head, base, draft, headSha, baseSha })),
  );
}

const invalidField = (field: string): ApiError =>
  new ApiError(422, 'Validation Failed', { errors: [{ resource: 'PullRequest', code: 'invalid', field }] });

async function patchPull(call: Call): Promise<Reply> {
  const issue = pullOf(call);
  requireAuthorOr(call, issue.user, 'write');
  const title = text(call.body, 'title');
  const body = 'body' in call.body ? { body: text(call.body, 'body') ?? null } : {};
  await retarget(call, issue);
  editIssue(call, issue, { ...(title === undefined ? {} : { title }), ...body });
  const state = text(call.body, 'state');
  if (state === 'closed') closeIssue(call, issue);
  if (state === 'open' && issue.state === 'closed') await reopen(call, issue);
  return ok(await rendered(call, issue));
}

async function retarget(call: Call, issue: PullIssue): Promise<void> {
  const base = text(call.body, 'base');
  if (base === undefined || base === issue.pull.baseRef) return;
  const baseSha = await resolveRef(call.repository.dir, `refs/heads/${base}`);
  if (baseSha === undefined) throw invalidField('base');
  issue.pull.baseRef = base;
  issue.pull.baseSha = baseSha;
}

async function reopen(call: Call, issue: PullIssue): Promise<void> {
  const { dir } = call.repository;
  const head = await resolveRef(dir, `refs/heads/${issue.pull.headRef}`);
  const base = await resolveRef(dir, `refs/heads/${issue.pull.baseRef}`);
  if (issue.pull.mergedAt !== null || head === undefined || base === undefined)
    throw invalid('PullRequest', 'state cannot be changed.');
  if (openPullFor(call, issue.pull.headRef, issue.pull.baseRef) !== undefined) {
    throw invalid('PullRequest', 'A pull request already exists for this head.');
  }
  issue.pull.headSha = head;
  reopenIssue(call, issue);
}

async function listFiles(call: Call): Promise<Reply> {
  const issue = pullOf(call);
  const sha = issue.pull.headSha;
  return paginated(call, await pullFiles(call, issue), file => renderFileChange({ ...call, sha, file }));
}

function askReviewers(call: Call): Reply {
  const issue = pullOf(call);
  const logins = textList(call.body, 'reviewers') ?? [];
  if (logins.some(login => login.toLowerCase() === issue.user.login.toLowerCase())) {
    throw unprocessable('Review cannot be requested from pull request author.');
  }
  requestReviewers(
    call,
    issue,
    logins.map(login => accountOf(call.world, login)),
  );
  return created(simple(call, issue));
}

async function pullsOfCommit(call: Call): Promise<Reply> {
  const sha = await commitOf(call, param(call, 'commit_sha'));
  const { dir } = call.repository;
  const found: PullIssue[] = [];
  for (const issue of allPulls(call)) {
    const { headSha, baseSha, mergeCommitSha } = issue.pull;
    const within = (await isAncestor(dir, sha, headSha)) && !(await isAncestor(dir, sha, baseSha));
    if (within || sha === mergeCommitSha) found.push(issue);
  }
  return paginated(call, found, issue => simple(call, issue));
}
