/** Pull requests and reviews in GitHub's shapes. */
import type { Issue, Json, Pull, Repository, Review, ReviewComment } from '../model.ts';
import type { World } from '../world.ts';
import { nodeId, renderAccount, renderNullable } from './account.ts';
import { authorAssociation, commentsOf, renderLabel } from './issue.ts';
import { renderMilestoneOf } from './milestone.ts';
import { renderRepository, repositoryApi, repositoryWeb } from './repository.ts';

export type PullIssue = Issue & { pull: Pull };

/** The facts of a pull request that are read from git. */
export interface PullFacts {
  readonly mergeable: boolean | null;
  readonly mergeableState: string;
  readonly commits: number;
  readonly additions: number;
  readonly deletions: number;
  readonly changedFiles: number;
}

function pullUrls(world: World, repository: Repository, issue: PullIssue): Json {
  const api = repositoryApi(world, repository);
  const self = `${api}/pulls/${issue.number}`;
  const web = `${repositoryWeb(world, repository)}/pull/${issue.number}`;
  return {
    url: self,
    html_url: web,
    diff_url: `${web}.diff`,
    patch_url: `${web}.patch`,
    issue_url: `${api}/issues/${issue.number}`,
    commits_url: `${self}/commits`,
    review_comments_url: `${self}/comments`,
    review_comment_url: `${api}/pulls/comments{/number}`,
    comments_url: `${api}/issues/${issue.number}/comments`,
    statuses_url: `${api}/statuses/${issue.pull.headSha}`,
  };
}

const linkRelations = (urls: Json): Json => ({
  self: { href: urls.url },
  html: { href: urls.html_url },
  issue: { href: urls.issue_url },
  comments: { href: urls.comments_url },
  review_comments: { href: urls.review_comments_url },
  review_comment: { href: urls.review_comment_url },
  commits: { href: urls.commits_url },
  statuses: { href: urls.statuses_url },
});

export function renderPullSimple(world: World, repository: Repository, issue: PullIssue): Json {
  const { pull } = issue;
  const urls = pullUrls(world, repository, issue);
  const side = (ref: string, sha: string): Json => ({
    label: `${repository.owner.login}:${ref}`,
    ref,
    sha,
    user: renderAccount(world, repository.owner),
    repo: renderRepository(world, repository),
  });
  return {
    ...urls,
    id: pull.id,
    node_id: nodeId('PR', pull.id),
    number: issue.number,
    state: issue.state,
    locked: issue.locked,
    title: issue.title,
    user: renderAccount(world, issue.user),
    body: issue.body,
    labels: issue.labels.map(label => ({
      ...renderLabel(world, repository, label),
      description: label.description ?? '',
    })),
    milestone: renderMilestoneOf(world, repository, issue),
    active_lock_reason: null,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    merged_at: pull.mergedAt,
    merge_commit_sha: pull.mergeCommitSha,
    assignee: renderNullable(world, issue.assignees[0] ?? null),
    assignees: issue.assignees.map(account => renderAccount(world, account)),
    requested_reviewers: pull.requestedReviewers.map(account => renderAccount(world, account)),
    requested_teams: [],
    head: side(pull.headRef, pull.headSha),
    base: side(pull.baseRef, pull.baseSha),
    _links: linkRelations(urls),
    author_association: authorAssociation(repository, issue.user),
    auto_merge: renderAutoMerge(world, pull),
    draft: pull.draft,
  };
}

function renderAutoMerge(world: World, { autoMerge }: Pull): Json | null {
  if (autoMerge === undefined) return null;
  const { actor, method, title = '', message = '' } = autoMerge;
  return {
    enabled_by: renderAccount(world, actor),
    merge_method: method,
    commit_title: title,
    commit_message: message,
  };
}

/** The comments that everybody sees: those of submitted reviews. */
export function shownComments({ pull }: PullIssue): readonly ReviewComment[] {
  const pending = pull.reviews.filter(({ state }) => state === 'PENDING').map(({ id }) => id);
  return pull.lineComments.filter(({ reviewId }) => !pending.includes(reviewId));
}

export function renderPull(context: {
  world: World;
  repository: Repository;
  issue: PullIssue;
  facts: PullFacts;
}): Json {
  const { world, repository, issue, facts } = context;
  return {
    ...renderPullSimple(world, repository, issue),
    merged: issue.pull.mergedAt !== null,
    mergeable: facts.mergeable,
    rebaseable: facts.mergeable,
    mergeable_state: facts.mergeableState,
    merged_by: renderNullable(world, issue.pull.mergedBy),
    comments: commentsOf(repository, issue).length,
    review_comments: shownComments(issue).length,
    maintainer_can_modify: false,
    commits: facts.commits,
    additions: facts.additions,
    deletions: facts.deletions,
    changed_files: facts.changedFiles,
  };
}

export function renderReview(context: {
  world: World;
  repository: Repository;
  issue: PullIssue;
  review: Review;
}): Json {
  const { world, repository, issue, review } = context;
  const html = `${repositoryWeb(world, repository)}/pull/${issue.number}#pullrequestreview-${review.id}`;
  const pull = `${repositoryApi(world, repository)}/pulls/${issue.number}`;
  return {
    id: review.id,
    node_id: nodeId('PRR', review.id),
    user: renderAccount(world, review.user),
    body: review.body,
    state: review.state,
    html_url: html,
    pull_request_url: pull,
    _links: { html: { href: html }, pull_request: { href: pull } },
    submitted_at: review.submittedAt,
    commit_id: review.commitId,
    author_association: authorAssociation(repository, review.user),
  };
}
