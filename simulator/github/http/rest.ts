/** Executes one REST request: finds caller, route and repository, runs the handler, then applies rate limit and ETag. */
import { createHash } from 'node:crypto';
import type { Credential, Json, Repository } from '../model.ts';
import type { RateLimit } from '../control/rate.ts';
import { findRepository, renamedRepository, repositoryById, fullName, type World } from '../world.ts';
import { authorize, credentialOf } from './authorize.ts';
import { ApiError, notFound } from './errors.ts';
import type { RawRequest, Reply } from './exchange.ts';
import type { Match } from './route.ts';

export interface RestContext {
  readonly world: World;
  readonly rate: RateLimit;
  /** Writes to one repository run one after another. */
  readonly inTurn: <T>(key: number, work: () => Promise<T>) => Promise<T>;
}

/** A REST reply with its body as bytes. `json` is the parsed body, for the validation of exchanges. */
export interface RestReply {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
  readonly json: unknown;
}

export async function executeRest(
  context: RestContext,
  request: RawRequest,
  match: Match | undefined,
): Promise<RestReply> {
  const reply = await answer(context, request, match).catch(asReply);
  const headers: Record<string, string> = {
    'content-type': 'application/json; charset=utf-8',
    'x-github-media-type': 'github.v3; format=json',
    'x-github-request-id': context.world.random.hex(20).toUpperCase(),
    vary: 'Accept, Authorization, Accept-Encoding',
    ...reply.headers,
  };
  const body = reply.body === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(reply.body));
  const cached = request.method === 'GET' && reply.status === 200 && isCurrent(request, headers, body);
  if (!cached) context.rate.spend();
  Object.assign(headers, context.rate.headers());
  if (cached) return { status: 304, headers, body: Buffer.alloc(0), json: undefined };
  return { status: reply.status, headers, body, json: reply.body };
}

/** Sets the weak ETag and says whether the client already has this answer. As at GitHub, another token has another ETag. */
function isCurrent(request: RawRequest, headers: Record<string, string>, body: Buffer): boolean {
  const etag = createHash('sha256')
    .update(body)
    .update(headers.link ?? '')
    .update(request.headers.authorization ?? '')
    .digest('hex');
  headers.etag = `W/"${etag}"`;
  headers['cache-control'] = 'private, max-age=60, s-maxage=60';
  return (request.headers['if-none-match'] ?? '')
    .split(/,\s*/)
    .some(known => known.replace(/^W\//, '') === `"${etag}"`);
}

function asReply(error: unknown): Reply {
  if (!(error instanceof ApiError)) throw error;
  return { status: error.status, body: error.body(), headers: error.headers };
}

async function answer(context: RestContext, request: RawRequest, match: Match | undefined): Promise<Reply> {
  const { world, rate } = context;
  const credential = authenticate(context, request, match);
  if (match === undefined) throw notFound();
  const { route, params } = match;
  const { query } = request;
  const body = parseBody(request);
  if (route.scope === 'global') {
    const authorization = request.headers.authorization ?? '';
    return route.handle({
      world,
      rate,
      authorization,
      params,
      query,
      body,
      actor: credential?.account ?? null,
    });
  }
  if (credential === null) throw new ApiError(401, 'Requires authentication');
  const repository = repositoryOf(world, request, match);
  const role = authorize(credential, repository, route);
  const call = { world, repository, actor: credential.account, params, query, body, role, credential };
  const work = async (): Promise<Reply> => route.handle(call);
  return route.method === 'GET' ? work() : context.inTurn(repository.id, work);
}

/** Null only for the App routes, which check their own JWT. */
function authenticate(
  context: RestContext,
  request: RawRequest,
  match: Match | undefined,
): Credential | null {
  const { template } = match?.route ?? { template: '' };
  if (template.startsWith('/app/')) return null;
  const credential = credentialOf(context.world, request.headers.authorization);
  if (credential === 'bad') throw new ApiError(401, 'Bad credentials');
  if (credential === null) throw new ApiError(401, 'Requires authentication');
  if (context.rate.exhausted() && template !== '/rate_limit') throw exhausted(credential);
  return credential;
}

const exhausted = (credential: Credential): ApiError =>
  new ApiError(403, `API rate limit exceeded for user ID ${credential.account.id}.`);

function parseBody(request: RawRequest): Json {
  if (request.body.length === 0) return {};
  try {
    const parsed: unknown = JSON.parse(request.body.toString());
    if (typeof parsed === 'object' && parsed !== null) {
      // labels may also be set by a bare array
      return Array.isArray(parsed) ? { labels: parsed } : (parsed as Json);
    }
  } catch {
    // falls through to GitHub's error
  }
  throw new ApiError(400, 'Problems parsing JSON');
}

function repositoryOf(world: World, request: RawRequest, match: Match): Repository {
  const name = `${match.params.owner ?? ''}/${match.params.repo ?? ''}`;
  const repository = findRepository(world, name);
  if (repository !== undefined) return repository;
  const renamed = renamedRepository(world, name);
  if (renamed === undefined) throw notFound();
  const query = request.query.toString();
  const location = `${world.apiUrl}/repositories/${renamed.id}${match.params['*'] ?? ''}${query === '' ? '' : `?${query}`}`;
  throw new ApiError(301, 'Moved Permanently', { headers: { location } });
}

/** `/repositories/{id}/…`, as in `Link` headers and redirects, means the same as `/repos/{owner}/{repo}/…`. */
export function canonicalPath(world: World, path: string): string {
  const [, id, tail] = /^\/repositories\/(\d+)(\/.*)?$/.exec(path) ?? [];
  const repository = id === undefined ? undefined : repositoryById(world, Number(id));
  return repository === undefined ? path : `/repos/${fullName(repository)}${tail ?? ''}`;
}
