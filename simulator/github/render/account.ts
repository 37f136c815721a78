/** Accounts in GitHub's shapes. */
import { Buffer } from 'node:buffer';
import type { Account, Json } from '../model.ts';
import type { World } from '../world.ts';

export const nodeId = (kind: string, id: number | string): string =>
  Buffer.from(`${kind}:${id}`).toString('base64url');

export function renderAccount(world: World, account: Account): Json {
  const api = `${world.apiUrl}/users/${encodeURIComponent(account.login)}`;
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId('U', account.id),
    avatar_url: `${world.url}/avatars/u/${account.id}`,
    gravatar_id: '',
    url: api,
    html_url: webPage(world, account),
    followers_url: `${api}/followers`,
    following_url: `${api}/following{/other_user}`,
    gists_url: `${api}/gists{/gist_id}`,
    starred_url: `${api}/starred{/owner}{/repo}`,
    subscriptions_url: `${api}/subscriptions`,
    organizations_url: `${api}/orgs`,
    repos_url: `${api}/repos`,
    events_url: `${api}/events{/privacy}`,
    received_events_url: `${api}/received_events`,
    type: account.type,
    user_view_type: 'public',
    site_admin: false,
  };
}

/** An App's bot shows the App. */
const webPage = (world: World, account: Account): string =>
  account.login.endsWith('[bot]')
    ? `${world.url}/apps/${account.login.slice(0, -'[bot]'.length)}`
    : `${world.url}/${account.login}`;

export const renderNullable = (world: World, account: Account | null): Json | null =>
  account === null ? null : renderAccount(world, account);

export const renderProfile = (world: World, account: Account): Json => ({
  ...renderAccount(world, account),
  name: account.login,
  company: null,
  blog: '',
  location: null,
  email: null,
  hireable: null,
  bio: null,
  public_repos: world.repositories.filter(repository => repository.owner.id === account.id).length,
  public_gists: 0,
  followers: 0,
  following: 0,
  created_at: '2020-01-01T00:00:00Z',
  updated_at: '2020-01-01T00:00:00Z',
});
