/** Statuses, check runs and their annotations in GitHub's shapes. */
import type { Annotation, CheckRun, CommitStatus, Json, Repository } from '../model.ts';
import { type World } from '../world.ts';
import { nodeId, renderAccount } from './account.ts';
import { repositoryApi, repositoryWeb } from './repository.ts';

export const renderSimpleStatus = (world: World, repository: Repository, status: CommitStatus): Json => ({
  url: `${repositoryApi(world, repository)}/statuses/${status.sha}`,
  avatar_url: `${world.url}/avatars/u/${status.creator.id}`,
  id: status.id,
  node_id: nodeId('SC', status.id),
  state: status.state,
  description: status.description,
  target_url: status.targetUrl,
  context: status.context,
  created_at: status.createdAt,
  updated_at: status.createdAt,
});

export const renderStatus = (world: World, repository: Repository, status: CommitStatus): Json => ({
  ...renderSimpleStatus(world, repository, status),
  creator: renderAccount(world, status.creator),
});

export const renderCheckRun = (world: World, repository: Repository, run: CheckRun): Json => ({
  id: run.id,
  head_sha: run.sha,
  node_id: nodeId('CR', run.id),
  external_id: run.externalId,
  url: `${repositoryApi(world, repository)}/check-runs/${run.id}`,
  html_url: `${repositoryWeb(world, repository)}/runs/${run.id}`,
  details_url: run.detailsUrl ?? `${repositoryWeb(world, repository)}/runs/${run.id}`,
  status: run.status,
  conclusion: run.conclusion,
  started_at: run.startedAt,
  completed_at: run.completedAt,
  output: {
    title: run.title ?? run.name,
    summary: run.summary,
    text: null,
    annotations_count: run.annotations.length,
    annotations_url: `${repositoryApi(world, repository)}/check-runs/${run.id}/annotations`,
  },
  name: run.name,
  check_suite: { id: run.id, head_branch: run.branch },
  app: renderApp(world, run.app),
  pull_requests: [],
});

export const renderAnnotation = (
  world: World,
  repository: Repository,
  { run, annotation }: { run: CheckRun; annotation: Annotation },
): Json => ({
  path: annotation.path,
  start_line: annotation.line,
  end_line: annotation.line,
  start_column: null,
  end_column: null,
  annotation_level: 'failure',
  title: annotation.title ?? null,
  message: annotation.message,
  raw_details: null,
  blob_href: `${repositoryWeb(world, repository)}/blob/${run.sha}/${annotation.path}`,
});

/** The number of an App follows from its slug, so that rules can name it. */
export function appId(slug: string): number {
  return Array.from(slug).reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_000, 7);
}

function renderApp({ url }: World, slug: string): Json {
  const id = appId(slug);
  const owner = {
    ...{ login: 'github', id: 9919, node_id: nodeId('O', 9919), type: 'Organization', site_admin: false },
    ...{ avatar_url: `${url}/avatars/u/9919`, gravatar_id: '', url: `${url}/users/github` },
    ...{ html_url: `${url}/github`, followers_url: `${url}/users/github/followers` },
    ...{ following_url: `${url}/f`, gists_url: `${url}/g`, starred_url: `${url}/s` },
    ...{ subscriptions_url: `${url}/u`, organizations_url: `${url}/o`, repos_url: `${url}/r` },
    ...{ events_url: `${url}/e`, received_events_url: `${url}/v` },
  };
  return {
    ...{ id, slug, node_id: nodeId('A', id), owner, name: slug, description: null },
    ...{ external_url: url, html_url: `${url}/apps/${slug}`, permissions: {}, events: [] },
    ...{ created_at: '2018-07-30T09:30:17Z', updated_at: '2019-12-10T19:04:12Z' },
  };
}
