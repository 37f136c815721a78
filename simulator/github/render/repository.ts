/** Repositories in GitHub's shapes, with clone and web addresses on the loopback. */
import type { Account, Json, Repository, Role } from '../model.ts';
import { atLeast, fullName, roleOf, type World } from '../world.ts';
import { nodeId, renderAccount } from './account.ts';

export const repositoryApi = (world: World, repository: Repository): string =>
  `${world.apiUrl}/repos/${fullName(repository)}`;

export const repositoryWeb = (world: World, repository: Repository): string =>
  `${world.url}/${fullName(repository)}`;

const links: Readonly<Record<string, string>> = {
  archive_url: '/{archive_format}{/ref}',
  assignees_url: '/assignees{/user}',
  blobs_url: '/git/blobs{/sha}',
  branches_url: '/branches{/branch}',
  collaborators_url: '/collaborators{/collaborator}',
  comments_url: '/comments{/number}',
  commits_url: '/commits{/sha}',
  compare_url: '/compare/{base}...{head}',
  contents_url: '/contents/{+path}',
  contributors_url: '/contributors',
  deployments_url: '/deployments',
  downloads_url: '/downloads',
  events_url: '/events',
  forks_url: '/forks',
  git_commits_url: '/git/commits{/sha}',
  git_refs_url: '/git/refs{/sha}',
  git_tags_url: '/git/tags{/sha}',
  hooks_url: '/hooks',
  issue_comment_url: '/issues/comments{/number}',
  issue_events_url: '/issues/events{/number}',
  issues_url: '/issues{/number}',
  keys_url: '/keys{/key_id}',
  labels_url: '/labels{/name}',
  languages_url: '/languages',
  merges_url: '/merges',
  milestones_url: '/milestones{/number}',
  notifications_url: '/notifications{?since,all,participating}',
  pulls_url: '/pulls{/number}',
  releases_url: '/releases{/id}',
  stargazers_url: '/stargazers',
  statuses_url: '/statuses/{sha}',
  subscribers_url: '/subscribers',
  subscription_url: '/subscription',
  tags_url: '/tags',
  teams_url: '/teams',
  trees_url: '/git/trees{/sha}',
};

/** The short form that other objects embed. */
export function renderMinimalRepository(world: World, repository: Repository): Json {
  const api = repositoryApi(world, repository);
  return {
    id: repository.id,
    node_id: nodeId('R', repository.id),
    name: repository.name,
    full_name: fullName(repository),
    owner: renderAccount(world, repository.owner),
    private: repository.private,
    html_url: repositoryWeb(world, repository),
    description: repository.description,
    fork: false,
    url: api,
    ...Object.fromEntries(Object.entries(links).map(([key, tail]) => [key, api + tail])),
  };
}

export function renderRepository(world: World, repository: Repository): Json {
  const web = repositoryWeb(world, repository);
  const open = [...repository.issues.values()].filter(issue => issue.state === 'open' && !issue.gone).length;
  return {
    ...renderMinimalRepository(world, repository),
    clone_url: `${web}.git`,
    git_url: `${web}.git`.replace(/^http/, 'git'),
    ssh_url: `git@${new URL(world.url).hostname}:${fullName(repository)}.git`,
    svn_url: web,
    mirror_url: null,
    homepage: null,
    language: 'JavaScript',
    forks: 0,
    forks_count: 0,
    stargazers_count: 0,
    watchers: 0,
    watchers_count: 0,
    size: 1,
    default_branch: repository.defaultBranch,
    open_issues: open,
    open_issues_count: open,
    is_template: false,
    topics: [],
    has_issues: true,
    has_projects: false,
    has_wiki: false,
    has_pages: false,
    has_downloads: true,
    has_discussions: false,
    archived: repository.archived,
    disabled: false,
    visibility: repository.private ? 'private' : 'public',
    license: null,
    allow_forking: true,
    web_commit_signoff_required: false,
    pushed_at: repository.pushedAt,
    created_at: repository.createdAt,
    updated_at: repository.pushedAt,
  };
}

export const renderFullRepository = (world: World, repository: Repository, viewer: Account): Json => ({
  ...renderRepository(world, repository),
  permissions: rolePermissions(roleOf(repository, viewer)),
  allow_merge_commit: repository.mergeMethods.includes('merge'),
  allow_squash_merge: repository.mergeMethods.includes('squash'),
  allow_rebase_merge: repository.mergeMethods.includes('rebase'),
  allow_auto_merge: repository.allowAutoMerge,
  allow_update_branch: false,
  delete_branch_on_merge: false,
  network_count: 0,
  subscribers_count: 0,
});

const rolePermissions = (role: Role): Json => ({
  admin: atLeast(role, 'admin'),
  maintain: atLeast(role, 'maintain'),
  push: atLeast(role, 'write'),
  triage: atLeast(role, 'triage'),
  pull: atLeast(role, 'read'),
});
