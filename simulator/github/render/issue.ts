/** Issues, labels, comments and issue events in GitHub's shapes. */
import type { Account, Comment, Issue, IssueEvent, Json, Label, Repository } from '../model.ts';
import { atLeast, roleOf, type World } from '../world.ts';
import { nodeId, renderAccount, renderNullable } from './account.ts';
import { renderMilestoneOf } from './milestone.ts';
import { repositoryApi, repositoryWeb } from './repository.ts';

export function authorAssociation(repository: Repository, account: Account): string {
  if (account.id === repository.owner.id) return 'OWNER';
  const named = repository.roles.get(account.login.toLowerCase()) ?? 'none';
  return atLeast(named, 'read') && roleOf(repository, account) !== 'none' ? 'COLLABORATOR' : 'NONE';
}

export const reactions = (url: string): Json => ({
  url: `${url}/reactions`,
  total_count: 0,
  '+1': 0,
  '-1': 0,
  laugh: 0,
  hooray: 0,
  confused: 0,
  heart: 0,
  rocket: 0,
  eyes: 0,
});

export const renderLabel = (world: World, repository: Repository, label: Label): Json => ({
  id: label.id,
  node_id: nodeId('LA', label.id),
  url: `${repositoryApi(world, repository)}/labels/${encodeURIComponent(label.name)}`,
  name: label.name,
  color: label.color,
  default: false,
  description: label.description,
});

export const commentsOf = (repository: Repository, issue: Issue): Comment[] =>
  [...repository.comments.values()].filter(comment => comment.issueNumber === issue.number);

export function renderIssue(world: World, repository: Repository, issue: Issue): Json {
  const api = `${repositoryApi(world, repository)}/issues/${issue.number}`;
  const kind = issue.pull === undefined ? 'issues' : 'pull';
  return {
    url: api,
    repository_url: repositoryApi(world, repository),
    labels_url: `${api}/labels{/name}`,
    comments_url: `${api}/comments`,
    events_url: `${api}/events`,
    html_url: `${repositoryWeb(world, repository)}/${kind}/${issue.number}`,
    id: issue.id,
    node_id: nodeId('I', issue.id),
    number: issue.number,
    title: issue.title,
    user: renderAccount(world, issue.user),
    labels: issue.labels.map(label => renderLabel(world, repository, label)),
    state: issue.state,
    locked: issue.locked,
    active_lock_reason: null,
    assignee: renderNullable(world, issue.assignees[0] ?? null),
    assignees: issue.assignees.map(account => renderAccount(world, account)),
    milestone: renderMilestoneOf(world, repository, issue),
    comments: commentsOf(repository, issue).length,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    closed_by: renderNullable(world, issue.closedBy),
    author_association: authorAssociation(repository, issue.user),
    body: issue.body,
    reactions: reactions(api),
    timeline_url: `${api}/timeline`,
    performed_via_github_app: null,
    state_reason: issue.stateReason,
    sub_issues_summary: { total: 0, completed: 0, percent_completed: 0 },
    issue_dependencies_summary: {
      blocked_by: issue.blockedBy,
      total_blocked_by: issue.blockedBy,
      blocking: 0,
      total_blocking: 0,
    },
    ...pullLinks(world, repository, issue),
  };
}

function pullLinks(world: World, repository: Repository, issue: Issue): Json {
  if (issue.pull === undefined) return {};
  const web = `${repositoryWeb(world, repository)}/pull/${issue.number}`;
  const links = {
    url: `${repositoryApi(world, repository)}/pulls/${issue.number}`,
    html_url: web,
    diff_url: `${web}.diff`,
    patch_url: `${web}.patch`,
    merged_at: issue.pull.mergedAt,
  };
  return { draft: issue.pull.draft, pull_request: links };
}

export function renderComment(world: World, repository: Repository, comment: Comment): Json {
  const api = `${repositoryApi(world, repository)}/issues/comments/${comment.id}`;
  const issue = repository.issues.get(comment.issueNumber);
  const kind = issue?.pull === undefined ? 'issues' : 'pull';
  return {
    url: api,
    html_url: `${repositoryWeb(world, repository)}/${kind}/${comment.issueNumber}#issuecomment-${comment.id}`,
    issue_url: `${repositoryApi(world, repository)}/issues/${comment.issueNumber}`,
    id: comment.id,
    node_id: nodeId('IC', comment.id),
    user: renderAccount(world, comment.user),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: authorAssociation(repository, comment.user),
    body: comment.body,
    reactions: reactions(api),
    performed_via_github_app: null,
  };
}

export function renderIssueEvent(world: World, repository: Repository, event: IssueEvent): Json {
  const api = repositoryApi(world, repository);
  const { commitId } = event;
  return {
    id: event.id,
    node_id: nodeId('IE', event.id),
    url: `${api}/issues/events/${event.id}`,
    actor: renderAccount(world, event.actor),
    event: event.event,
    commit_id: commitId ?? null,
    commit_url: commitId === undefined ? null : `${api}/commits/${commitId}`,
    created_at: event.createdAt,
    performed_via_github_app: null,
    ...(event.label === undefined ? {} : { label: { ...event.label } }),
    ...(event.rename === undefined ? {} : { rename: { ...event.rename } }),
    ...(event.milestone === undefined ? {} : { milestone: { ...event.milestone } }),
    ...reviewRequest(world, event),
  };
}

const reviewRequest = (world: World, event: IssueEvent): Json =>
  event.requestedReviewer === undefined
    ? {}
    : {
        review_requester: renderAccount(world, event.actor),
        requested_reviewer: renderAccount(world, event.requestedReviewer),
      };
