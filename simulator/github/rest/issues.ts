/** REST: issues and their events. */
import type { Account, Issue, Json } from '../model.ts';
import { accountOf, atLeast, isPull, roleOf } from '../world.ts';
import { renderIssue, renderIssueEvent } from '../render/issue.ts';
import { assign, closeIssue, createIssue, editIssue, reopenIssue, setLabels } from '../acts/issues.ts';
import { invalid } from '../http/errors.ts';
import { created, ok, requiredText, text, textList, word, type Call, type Reply } from '../http/exchange.ts';
import { paginated } from '../http/pages.ts';
import { repositoryRoute, type Route } from '../http/route.ts';
import { issueOf, requireAuthorOr } from './lookup.ts';

const issues = { permissions: ['issues'] };
const issuesOrPulls = { permissions: ['issues', 'pull_requests'] };

export const issueRoutes = (): Route[] => [
  repositoryRoute('GET /issues', issues, listIssues),
  repositoryRoute('POST /issues', { ...issues, contentCreating: true }, openIssue),
  repositoryRoute('GET /issues/{issue_number}', issuesOrPulls, call => ok(rendered(call, issueOf(call)))),
  repositoryRoute('PATCH /issues/{issue_number}', issuesOrPulls, patchIssue),
  repositoryRoute(
    'POST /issues/{issue_number}/assignees',
    { ...issuesOrPulls, role: 'triage' },
    addAssignees,
  ),
  repositoryRoute('GET /issues/{issue_number}/events', issuesOrPulls, call =>
    paginated(call, issueOf(call).events, event => renderIssueEvent(call.world, call.repository, event)),
  ),
];

const rendered = (call: Call, issue: Issue): Json => renderIssue(call.world, call.repository, issue);

function listIssues(call: Call): Reply {
  const { query } = call;
  const found = [...call.repository.issues.values()].filter(
    issue => issue.gone === undefined && wanted(query, issue),
  );
  return paginated(call, sorted(query, found), issue => rendered(call, issue));
}

function wanted(query: URLSearchParams, issue: Issue): boolean {
  const state = query.get('state') ?? 'open';
  const labels = (query.get('labels') ?? '').split(',').filter(Boolean);
  const has = (name: string): boolean =>
    issue.labels.some(label => label.name.toLowerCase() === name.toLowerCase());
  const since = query.get('since');
  const creator = query.get('creator');
  return (
    (state === 'all' || issue.state === state) &&
    labels.every(name => has(name)) &&
    (since === null || Date.parse(issue.updatedAt) >= Date.parse(since)) &&
    (creator === null || issue.user.login.toLowerCase() === creator.toLowerCase())
  );
}

/** Newest first by default; the number breaks ties within a second. */
function sorted(query: URLSearchParams, found: Issue[]): Issue[] {
  const key = query.get('sort') === 'updated' ? 'updatedAt' : 'createdAt';
  const rising = found.sort((a, b) => (a[key] === b[key] ? a.number - b.number : a[key] < b[key] ? -1 : 1));
  return query.get('direction') === 'asc' ? rising : rising.reverse();
}

function openIssue(call: Call): Reply {
  const title = requiredText(call.body, 'title');
  // GitHub drops labels and assignees silently when the caller may not set them
  const trusted = atLeast(call.role, 'triage');
  const labels = trusted ? (textList(call.body, 'labels') ?? []) : [];
  const names = trusted ? (textList(call.body, 'assignees') ?? []) : [];
  const assignees = names.map(login => accountOf(call.world, login));
  const issue = createIssue(call, { title, body: text(call.body, 'body') ?? null, labels, assignees });
  return created(rendered(call, issue));
}

function patchIssue(call: Call): Reply {
  const issue = issueOf(call);
  requireAuthorOr(call, issue.user, 'triage');
  const title = text(call.body, 'title');
  const body = 'body' in call.body ? { body: text(call.body, 'body') ?? null } : {};
  editIssue(call, issue, { ...(title === undefined ? {} : { title }), ...body });
  const labels = textList(call.body, 'labels');
  if (labels !== undefined && atLeast(call.role, 'triage')) setLabels(call, issue, labels);
  const assignees = textList(call.body, 'assignees');
  if (assignees !== undefined) issue.assignees = assignees.map(login => accountOf(call.world, login));
  changeState(call, issue);
  return ok(rendered(call, issue));
}

function changeState(call: Call, issue: Issue): void {
  const asked = text(call.body, 'state');
  const state = word(asked, ['open', 'closed']);
  if (asked !== undefined && state === undefined) throw invalid('Issue', 'state is not open or closed');
  const reason = text(call.body, 'state_reason');
  if (state === 'closed') closeIssue(call, issue, reason === undefined ? {} : { reason });
  if (state === 'open' && isPull(issue) && issue.pull.mergedAt !== null)
    throw invalid('Issue', 'cannot be reopened');
  if (state === 'open') reopenIssue(call, issue);
}

/** Whoever cannot be assigned is left out without a word. */
function addAssignees(call: Call): Reply {
  const issue = issueOf(call);
  const accounts = (textList(call.body, 'assignees') ?? []).flatMap(login => {
    const account = call.world.accounts.get(login.toLowerCase());
    return account !== undefined && mayBeAssigned(call, issue, account) ? [account] : [];
  });
  assign(call, issue, accounts);
  return created(rendered(call, issue));
}

function mayBeAssigned({ repository }: Call, { user }: Issue, account: Account): boolean {
  return account === user || atLeast(roleOf(repository, account), 'triage');
}
