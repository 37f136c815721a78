/** The configured Octokit: no retries, no throttling, strict fetch, every error a `GitHubFailure`. */
import { Octokit } from '@octokit/rest';
import { createTokenSource } from './credential.ts';
import type { Credential, RepositoryName, TokenPermissions } from './credential.ts';
import type { RawAnswer } from './ask.ts';
import { toFailure } from './to-failure.ts';
import { createConditionalFetch } from './conditional-fetch.ts';
import { createStrictFetch } from './strict-fetch.ts';
import type { Fetch } from '../host/network/network.ts';
import type { AnswerObserver, StrictFetchLimits } from './strict-fetch.ts';
import { SettingsError } from '../config/settings-error.ts';
import { withoutEnd } from '../domain/without-end.ts';

export interface GitHubOptions {
  /** `https://api.github.com`, or `https://HOST/api/v3`; plain http only on loopback. */
  readonly apiUrl: string;
  readonly credential: Credential;
  readonly userAgent: string;
  readonly limits?: StrictFetchLimits;
  /** Told about every request, also about those for an App's token. */
  readonly onAnswer?: AnswerObserver;
  /** With the proxy and the authorities of the host; absent: directly. */
  readonly fetch?: Fetch;
}

/** The rate limit in GitHub's latest response. */
export interface Quota {
  readonly limit: number;
  readonly remaining: number;
  readonly resetsAt: string;
}

export interface GitHub {
  readonly apiUrl: string;
  readonly rest: Octokit['rest'];
  /** For the few facts that REST does not have. `variables` name the repository, so that an App's token is for it. */
  graphql(query: string, variables: RepositoryName & Readonly<Record<string, unknown>>): Promise<RawAnswer>;
  readonly credentialKind: Credential['kind'];
  /** The token for git's transport. Never log or store it, and never put it into a URL. */
  token(repository: RepositoryName): Promise<string>;
  /** The permissions of an App's token for this repository; undefined for a plain token. */
  granted(repository: RepositoryName): Promise<TokenPermissions | undefined>;
  quota(): Quota | undefined;
}

/** Throws a plain `Error` when the URL is invalid or would send the credential unencrypted. */
export function createGitHub(options: GitHubOptions): GitHub {
  const apiUrl = checkedApiUrl(options.apiUrl);
  const strictFetch = createStrictFetch(apiUrl, options);
  const source = createTokenSource(
    options.credential,
    plainOctokit(apiUrl, strictFetch, options.userAgent).request,
  );
  const octokit = plainOctokit(apiUrl, createConditionalFetch(strictFetch), options.userAgent);
  let quota: Quota | undefined;

  octokit.hook.wrap('request', async (request, requestOptions) => {
    const route = routeOf(requestOptions);
    const repository = repositoryOf(requestOptions);
    const send = async (fresh: boolean) => {
      const token = await source.token({ fresh, ...(repository ? { repository } : {}) });
      // Changed in place: octokit's logging hook forwards the options it was bound to, not the ones passed here.
      const authorization = token === '' ? {} : { authorization: `Bearer ${token}` };
      Object.assign(requestOptions.headers, versionHeader, authorization);
      return await request(requestOptions);
    };
    try {
      const response = await send(false).catch((error: unknown) => {
        if (source.kind === 'app' && statusOf(error) === 401) return send(true);
        throw error;
      });
      if (!isGraphql(requestOptions.url)) quota = quotaOf(response.headers) ?? quota;
      return { ...response, url: route };
    } catch (error) {
      if (statusOf(error) === 304) return notModified(error, route);
      throw toFailure(error, route);
    }
  });
  return {
    apiUrl,
    rest: octokit.rest,
    graphql: async (query, variables) =>
      await octokit.request({ method: 'POST', url: graphqlUrl(apiUrl), query, variables }),
    credentialKind: source.kind,
    token: async repository => await withNamedFailure(source.token({ repository, fresh: false })),
    granted: async repository => await withNamedFailure(source.granted(repository)),
    quota: () => quota,
  };
}

/** Octokit sends no version by default, so a new default at GitHub would change the responses. */
const versionHeader = { 'x-github-api-version': '2022-11-28' };
const loopbackHosts = new Set(['localhost', '127.0.0.1', '[::1]']);
const silent = () => undefined;
const silentLog = { debug: silent, info: silent, warn: silent, error: silent };

function checkedApiUrl(apiUrl: string): string {
  const url = URL.canParse(apiUrl) ? new URL(apiUrl) : undefined;
  const safe = url?.protocol === 'https:' || (url?.protocol === 'http:' && loopbackHosts.has(url.hostname));
  if (!url || !safe || url.username !== '' || url.search !== '')
    throw new SettingsError({
      what: 'GITHUB_API_URL must start with https:// (http:// only on loopback), without user or query',
      fix: 'set it to https://api.github.com, or to https://HOST/api/v3 of your GitHub Enterprise Server',
    });
  return withoutEnd(url.href, '/');
}

/** GitHub Enterprise Server has it next to `/api/v3`, not below. */
function graphqlUrl(apiUrl: string): string {
  return `${apiUrl.replace(/\/api\/v3$/, '/api')}/graphql`;
}

function routeOf({ method, url }: { readonly method: string; readonly url: string }): string {
  return `${method} ${isGraphql(url) ? '/graphql' : url}`;
}

/** It has a rate limit of its own. */
function isGraphql(url: string): boolean {
  return url.endsWith('/graphql');
}

function plainOctokit(apiUrl: string, fetch: Fetch, userAgent: string): Octokit {
  return new Octokit({
    baseUrl: apiUrl,
    userAgent,
    log: silentLog,
    request: { fetch, log: silentLog },
  });
}

async function withNamedFailure<T>(asking: Promise<T>): Promise<T> {
  return await asking.catch((error: unknown) => {
    throw toFailure(error, 'POST /app/installations/{installation_id}/access_tokens');
  });
}

/** The hook receives the route's parameters together with its options; those of GraphQL are its variables. */
function repositoryOf(options: object): RepositoryName | undefined {
  const { variables = options } = options as { variables?: object };
  const { owner, repo } = variables as { owner?: unknown; repo?: unknown };
  return typeof owner === 'string' && typeof repo === 'string' ? { owner, repo } : undefined;
}

function statusOf(error: unknown): number | undefined {
  const response = (error as { response?: { status?: unknown } } | undefined)?.response;
  return typeof response?.status === 'number' ? response.status : undefined;
}

/** Octokit throws on 304; here it is a normal response. */
function notModified(error: unknown, route: string) {
  const { headers } = (error as { response: { headers: Record<string, string> } }).response;
  return { status: 304, headers, data: undefined, url: route };
}

function quotaOf(headers: Readonly<Record<string, unknown>>): Quota | undefined {
  const [limit, remaining, reset] = ['limit', 'remaining', 'reset'].map(name =>
    Number(headers[`x-ratelimit-${name}`]),
  );
  if (limit === undefined || remaining === undefined || reset === undefined) return undefined;
  if (![limit, remaining, reset].every(Number.isSafeInteger)) return undefined;
  return { limit, remaining, resetsAt: new Date(reset * 1000).toISOString() };
}
