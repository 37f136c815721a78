/** A milestone in GitHub's shape. */
import type { Json, Milestone, Repository } from '../model.ts';
import type { World } from '../world.ts';
import { nodeId, renderAccount } from './account.ts';
import { repositoryApi, repositoryWeb } from './repository.ts';

export function renderMilestone(world: World, repository: Repository, milestone: Milestone): Json {
  const { id, number, title, creator, createdAt } = milestone;
  const api = `${repositoryApi(world, repository)}/milestones/${number}`;
  const count = (state: 'open' | 'closed'): number =>
    [...repository.issues.values()].filter(
      issue => issue.milestone === milestone && issue.state === state && issue.gone === undefined,
    ).length;
  return {
    url: api,
    html_url: `${repositoryWeb(world, repository)}/milestone/${number}`,
    labels_url: `${api}/labels`,
    id,
    node_id: nodeId('MI', id),
    number,
    title,
    description: null,
    creator: renderAccount(world, creator),
    open_issues: count('open'),
    closed_issues: count('closed'),
    state: 'open',
    created_at: createdAt,
    updated_at: createdAt,
    due_on: null,
    closed_at: null,
  };
}

export const renderMilestoneOf = (
  world: World,
  repository: Repository,
  { milestone }: { readonly milestone?: Milestone },
): Json | null => (milestone === undefined ? null : renderMilestone(world, repository, milestone));
