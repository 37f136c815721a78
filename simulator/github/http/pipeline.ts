/** Processes every request: reads it, logs it, applies holds and faults, executes it once, and replies or not. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Faults, FaultRule } from '../control/faults.ts';
import type { Holds } from '../control/holds.ts';
import type { Target } from '../control/matcher.ts';
import type { RequestLog } from '../control/requests.ts';
import { insteadOfExecuting, writeReply, type WireReply } from '../control/sabotage.ts';
import { credentialOf } from './authorize.ts';
import { notFound } from './errors.ts';
import type { RawRequest } from './exchange.ts';
import { executeGit, gitTarget, type GitTarget } from './git.ts';
import { storedLog } from './job-logs.ts';
import { canonicalPath, executeRest, type RestContext, type RestReply } from './rest.ts';
import { findRoute, type Match, type Route } from './route.ts';

export interface Exchange {
  readonly method: string;
  /** OpenAPI path template; empty for an unknown path. */
  readonly route: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly requestBody: unknown;
  readonly status: number;
  readonly responseBody: unknown;
}

export interface PipelineContext extends RestContext {
  readonly basePath: string;
  readonly hooksDir: string;
  readonly routes: readonly Route[];
  readonly faults: Faults;
  readonly holds: Holds;
  readonly log: RequestLog;
  readonly observers: Set<(exchange: Exchange) => void>;
  /** The last successful answer of each GET, for `stale` faults. */
  readonly remembered: Map<string, WireReply>;
}

const BODY_BYTES_MAX = 256 * 1024 * 1024;
const REMEMBERED_MAX = 2000;

interface Incoming {
  readonly raw: RawRequest;
  readonly url: string;
  readonly git: GitTarget | undefined;
  readonly match: Match | undefined;
  readonly target: Target;
}

export async function handleRequest(
  context: PipelineContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const incoming = identify(context, request, await readBody(request));
  const { target } = incoming;
  const contentCreating = incoming.match?.route.contentCreating ?? false;
  const entry = context.log.open({ ...target, at: context.world.now(), contentCreating });
  const fault = context.faults.take(target);
  const reply = await replyTo({ context, incoming, response, fault });
  if (reply === 'reset' || (await context.holds.pass('after', target)) === 'drop') {
    response.socket?.destroy();
    return;
  }
  if (!gone(response)) entry.status = await writeReply(response, reply, fault);
}

interface Work {
  readonly context: PipelineContext;
  readonly incoming: Incoming;
  readonly response: ServerResponse;
  readonly fault: FaultRule | undefined;
}

/** 'reset': the request is not executed and its connection is cut. */
async function replyTo({ context, incoming, response, fault }: Work): Promise<WireReply | 'reset'> {
  const passage = await context.holds.pass('before', incoming.target);
  if (passage === 'drop' || (passage === 'go' && gone(response))) return 'reset';
  const early = insteadOfExecuting(fault, { nowMs: context.world.now(), url: incoming.url });
  return early ?? (await execute(context, incoming, fault));
}

/** Our clients never half-close, so a client that ended its side has died. */
const gone = ({ socket }: ServerResponse): boolean =>
  socket === null || socket.destroyed || socket.readableEnded;

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) throw new Error('request body too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function identify(context: PipelineContext, request: IncomingMessage, body: Buffer): Incoming {
  const { world } = context;
  const url = new URL(request.url ?? '/', world.url);
  const method = request.method ?? 'GET';
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([key, value]) => [key, String(value)]),
  );
  const { path, route, ...found } = locate(context, method, url);
  const credential = credentialOf(world, headers.authorization);
  const user = credential === null || credential === 'bad' ? null : credential.account.login;
  const raw = { method, path, query: url.searchParams, headers, body };
  return {
    raw,
    url: url.toString(),
    ...found,
    target: { method, route, path: `${path}${operationIn(route, body)}`, user },
  };
}

/** GraphQL has one path: its operation tells requests apart, as in `/graphql EnqueuePull`. */
function operationIn(route: string, body: Buffer): string {
  if (route !== '/graphql') return '';
  const [, name = ''] = /"query":"(?:query|mutation) (\w{1,50})/.exec(body.toString('utf8')) ?? [];
  return ` ${name}`;
}

function locate(
  context: PipelineContext,
  method: string,
  url: URL,
): Pick<Incoming, 'git' | 'match'> & { path: string; route: string } {
  const { searchParams } = url;
  // As on GitHub Enterprise Server, GraphQL is next to REST, not below.
  const isGraphql = url.pathname === context.basePath.replace(/\/v3$/, '/graphql');
  const pathname = isGraphql ? `${context.basePath}/graphql` : url.pathname;
  if (!`${pathname}/`.startsWith(`${context.basePath}/`)) {
    const git = gitTarget(pathname, searchParams);
    return { path: pathname, git, match: undefined, route: git?.route ?? '' };
  }
  const path = canonicalPath(context.world, pathname.slice(context.basePath.length));
  const match = findRoute(context.routes, method, path);
  return { path, git: undefined, match, route: match?.route.template ?? '' };
}

async function execute(context: PipelineContext, incoming: Incoming, fault?: FaultRule): Promise<WireReply> {
  const { raw, git, match } = incoming;
  if (git !== undefined) return executeGit(context, raw, git);
  const log = storedLog(context.world, raw);
  if (log !== undefined) return log;
  const reply = await executeRest(context, raw, match);
  observe(context, incoming, reply);
  return raw.method === 'GET'
    ? remember(context, incoming, { reply, stale: fault?.kind === 'stale' })
    : reply;
}

/** Stores the answer of a read, or returns the stored one. */
function remember(
  { remembered }: PipelineContext,
  { raw, target }: Incoming,
  { reply, stale }: { reply: RestReply; stale: boolean },
): WireReply {
  const key = `${target.user ?? ''} ${raw.path}?${raw.query.toString()}`;
  const known = remembered.get(key);
  if (stale) return known ?? unseen(reply);
  if (reply.status === 200 && (known !== undefined || remembered.size < REMEMBERED_MAX))
    remembered.set(key, reply);
  return reply;
}

/** The answer of a replica that has no data yet. */
function unseen(reply: RestReply): WireReply {
  const [status, json] = Array.isArray(reply.json) ? [200, []] : [404, notFound().body()];
  const headers = { 'content-type': 'application/json; charset=utf-8' };
  return { status, headers, body: Buffer.from(JSON.stringify(json)) };
}

function observe(
  context: PipelineContext,
  incoming: Incoming,
  reply: { status: number; json: unknown },
): void {
  if (context.observers.size === 0) return;
  const { raw, target } = incoming;
  const exchange: Exchange = {
    method: target.method,
    route: target.route,
    path: target.path,
    query: Object.fromEntries(raw.query),
    requestBody: parseOrUndefined(raw.body),
    status: reply.status,
    responseBody: reply.json,
  };
  for (const observer of context.observers) observer(exchange);
}

function parseOrUndefined(body: Buffer): unknown {
  try {
    return body.length === 0 ? undefined : (JSON.parse(body.toString()) as unknown);
  } catch {
    return undefined;
  }
}
