/**
 * Gives the runner read access to source without a credential: the fetch half of git's smart HTTP, for named repositories
 * only. The credential stays in the process that runs the relay, and no write request passes.
 */
import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type RepositoryRef, parseRepositoryRef } from '../domain/issue-ref.ts';
import { boundConnections } from '../host/connections.ts';
import type { Fetch } from '../host/network/network.ts';
import { listenAt, type ListenAddress } from '../host/listening.ts';

export interface RelayOrigin {
  /** GitHub's clone URL: `https://host/owner/name.git`. */
  readonly cloneUrl: string;
  readonly token: string;
}

export interface SourceRelayInput {
  /** Resolves to undefined for a repository that this relay does not serve. */
  readonly source: (repository: RepositoryRef) => Promise<RelayOrigin | undefined>;
  /** The password that git must send; valid for this relay only. */
  readonly password: string;
  readonly listen: ListenAddress;
  /** The way to GitHub. */
  readonly fetch: Fetch;
  /** Called when a request with the password fails. */
  readonly onFailure?: (repository: RepositoryRef, why: string) => void;
}

export interface SourceRelay {
  /** `<url>/<owner>/<repo>.git` is a git remote. */
  readonly url: string;
  close(): Promise<void>;
}

/** Anyone who reaches the address can connect. The oldest connection without the password makes room. */
const CONNECTIONS_MAX = 64;
const TARGET_PATTERN =
  /^\/(?<name>[^/]+\/[^/]+?)\.git\/(?<tail>info\/refs\?service=git-upload-pack|git-upload-pack)$/;
/** The request headers of git's protocol; nothing else is forwarded, in particular not git's own authorization. */
const requestHeaders = ['accept', 'content-type', 'content-encoding', 'git-protocol'] as const;

export async function startSourceRelay(input: SourceRelayInput): Promise<SourceRelay> {
  const server = createServer((request, response) => {
    if (mayRead(request, input.password)) connections.keep(request.socket, response);
    relay(input, request, response).catch(() => response.destroy());
  });
  const connections = boundConnections(server, CONNECTIONS_MAX);
  return {
    url: await listenAt(server, input.listen),
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Refusal {
  readonly refused: number;
  readonly why: string;
}

async function relay(
  input: SourceRelayInput,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const answer = await answerTo(input, request, response);
  if ('refused' in answer) {
    refuse(response, answer);
    return;
  }
  const type = answer.headers.get('content-type') ?? 'text/plain';
  response.writeHead(answer.status, { 'content-type': type, 'cache-control': 'no-cache' });
  if (answer.body === null) response.end();
  else await pipeline(Readable.fromWeb(answer.body), response);
}

async function answerTo(
  input: SourceRelayInput,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Response | Refusal> {
  const target = targetOf(request);
  if (target === undefined) return { refused: 403, why: 'this relay serves fetch requests only' };
  if (!mayRead(request, input.password)) return { refused: 401, why: 'the password is missing or wrong' };
  const answer = await sourceAnswer(input, { request, response, target });
  if ('refused' in answer) input.onFailure?.(target.repository, answer.why);
  return answer;
}

interface Asked {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly target: Target;
}

async function sourceAnswer(
  { source, fetch }: SourceRelayInput,
  { request, response, target }: Asked,
): Promise<Response | Refusal> {
  const found = await source(target.repository).catch(() => 'unknown' as const);
  if (found === 'unknown') return { refused: 502, why: 'cannot look up the location of the repository' };
  if (found === undefined) return { refused: 404, why: 'this relay does not serve this repository' };
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const wanted = { ...found, tail: target.tail, fetch, signal: gone.signal };
  const answer = await ask(request, wanted).catch(() => undefined);
  if (answer === undefined) return { refused: 502, why: 'the server did not answer' };
  // The repository was renamed. The caller must use its current name: the token must not follow a redirect.
  const moved = answer.status >= 300 && answer.status < 400;
  return moved ? { refused: 404, why: 'the repository has moved' } : answer;
}

interface Target {
  readonly repository: RepositoryRef;
  readonly tail: string;
}

function targetOf({ method, url = '' }: IncomingMessage): Target | undefined {
  const { name = '', tail = '' } = TARGET_PATTERN.exec(url)?.groups ?? {};
  const repository = parseRepositoryRef(name);
  const wanted = tail === 'git-upload-pack' ? 'POST' : 'GET';
  return repository === undefined || method !== wanted ? undefined : { repository, tail };
}

function mayRead({ headers }: IncomingMessage, password: string): boolean {
  const [, encoded = ''] = /^basic (.+)$/i.exec(headers.authorization ?? '') ?? [];
  const given = Buffer.from(encoded, 'base64')
    .toString('utf8')
    .replace(/^[^:]*:/, '');
  const [one, other] = [Buffer.from(given), Buffer.from(password)];
  return one.length === other.length && timingSafeEqual(one, other);
}

interface Wanted extends RelayOrigin {
  readonly tail: string;
  readonly fetch: Fetch;
  readonly signal: AbortSignal;
}

async function ask(
  request: IncomingMessage,
  { cloneUrl, token, tail, fetch, signal }: Wanted,
): Promise<Response> {
  const headers = new Headers({
    authorization: `Basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`,
    'user-agent': 'git/signalbox',
  });
  for (const name of requestHeaders) {
    const value = request.headers[name];
    if (typeof value === 'string') headers.set(name, value);
  }
  const body = request.method === 'POST' ? { body: Readable.toWeb(request), duplex: 'half' } : {};
  const init = { method: request.method ?? 'GET', headers, redirect: 'manual', signal, ...body };
  return await fetch(`${cloneUrl}/${tail}`, init as RequestInit);
}

function refuse(response: ServerResponse, { refused, why }: Refusal): void {
  const challenge = refused === 401 ? { 'www-authenticate': 'Basic realm="source"' } : {};
  response.writeHead(refused, { 'content-type': 'text/plain', ...challenge });
  response.end(`${why}\n`);
}
