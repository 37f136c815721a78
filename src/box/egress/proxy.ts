/**
 * An HTTP proxy that connects only to named hosts. For a set-up it listens on a Unix socket: the box has no network, and
 * the relay inside forwards HTTP_PROXY to this socket. As a service it is the way out of hosts that have no other.
 */
import http from 'node:http';
import type net from 'node:net';
import type { Duplex } from 'node:stream';
import { addressText, type ListenAddress } from '../../host/listening.ts';
import { isNamed, parseTarget, type Target } from './allow-list.ts';
import type { Connection, ConnectionRecorder, EgressLimits } from './connections.ts';
import type { Dial } from './dial.ts';

export interface EgressInput {
  /** The path of a Unix socket, or an address. */
  readonly listen: string | ListenAddress;
  /** Entries: `host`, `host:port` or `.domain`. */
  readonly allowed: readonly string[];
  /** Who names these hosts; refusals say so. */
  readonly allowedBy: string;
  readonly dial: Dial;
  readonly log: ConnectionRecorder;
  readonly limits: EgressLimits;
}

export interface Egress {
  /** Ends every connection. */
  close(): Promise<void>;
}

export async function openEgress(input: EgressInput): Promise<Egress> {
  const server = http.createServer({ maxHeaderSize: HEADER_BYTES_MAX, headersTimeout: input.limits.idleMs });
  const proxy: Proxy = { ...input, open: new Set() };
  server.on('connect', (request, socket, head) => void tunnel(proxy, { request, socket, head }));
  server.on('request', (request, response) => void forward(proxy, request, response));
  server.on('clientError', (_error, socket) => socket.destroy());
  server.maxConnections = input.limits.connectionsAtOnceMax + SPARE_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(typeof input.listen === 'string' ? { path: input.listen } : { ...input.listen }, resolve);
  });
  return {
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
        for (const stream of proxy.open) stream.destroy();
      }),
  };
}

const HEADER_BYTES_MAX = 64 * 1024;
/** Those that are refused with a reason. Any more are closed: even a silent one costs the runner a descriptor. */
const SPARE_CONNECTIONS = 64;

interface Proxy extends EgressInput {
  /** Streams that the HTTP server no longer tracks. */
  readonly open: Set<Duplex>;
}

interface Tunnel {
  readonly request: http.IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

/** `CONNECT host:port`: forwards bytes without inspecting them. */
async function tunnel(proxy: Proxy, { request, socket, head }: Tunnel): Promise<void> {
  const connection = proxy.log.begin('connect', request.url ?? '');
  keepOpen(proxy, socket, connection);
  const upstream = await connected(proxy, connection, parseTarget(request.url ?? ''));
  if (upstream === undefined || socket.destroyed) {
    upstream?.destroy();
    socket.end(refusal(connection));
    return;
  }
  keepOpen(proxy, upstream, connection);
  socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
  const both = [socket, upstream];
  const endBoth = (): void => both.forEach(stream => void stream.destroy());
  const counted = (direction: 'up' | 'down') => (chunk: Buffer) => {
    if (!proxy.log.count(connection, direction, chunk.length)) endBoth();
  };
  socket.on('data', counted('up'));
  upstream.on('data', counted('down'));
  if (head.length > 0) socket.unshift(head);
  socket.pipe(upstream).pipe(socket);
  for (const stream of both) stream.on('close', endBoth);
}

/** `GET http://host/path`: for registries without TLS. The client follows redirects, through this proxy again. */
async function forward(
  proxy: Proxy,
  request: http.IncomingMessage,
  response: http.ServerResponse,
): Promise<void> {
  const url = urlOf(request.url);
  const connection = proxy.log.begin('plain', url?.host ?? request.url ?? '');
  response.on('close', () => proxy.log.end(connection));
  const upstream = url && (await connected(proxy, connection, parseTarget(url.host, 80)));
  if (url === undefined || upstream === undefined) {
    connection.refused ??= 'not a proxy request';
    answerRefusal(response, connection);
    return;
  }
  keepOpen(proxy, upstream, connection);
  const outgoing = http.request({
    createConnection: () => upstream,
    method: request.method ?? 'GET',
    path: `${url.pathname}${url.search}`,
    headers: { ...withoutHopByHop(request.headers), host: url.host, connection: 'close' },
  });
  const stop = (): void => void outgoing.destroy();
  const unanswered = (): void =>
    answerRefusal(response, { ...connection, refused: 'the server did not answer' });
  outgoing.on('error', unanswered);
  // Without an error: an answer that is none, such as a change of the protocol.
  outgoing.on('close', () => response.headersSent || unanswered());
  outgoing.on('response', answer => {
    const { statusCode = 0 } = answer;
    if (statusCode < STATUS_MIN) {
      stop();
      return;
    }
    response.writeHead(statusCode, withoutHopByHop(answer.headers));
    answer.on('data', (chunk: Buffer) => proxy.log.count(connection, 'down', chunk.length) || stop());
    answer.on('error', () => response.destroy());
    answer.pipe(response);
  });
  proxy.log.count(connection, 'up', [request.url, ...request.rawHeaders].join('').length);
  request.on('data', (chunk: Buffer) => proxy.log.count(connection, 'up', chunk.length) || stop());
  response.on('close', stop);
  request.pipe(outgoing);
}

/** A server can send any three digits; Node reads them and throws when a smaller number is to be sent. */
const STATUS_MIN = 200;

/** Connects to a target that is named. Undefined if refused; the record then has the reason. */
async function connected(
  proxy: Proxy,
  connection: Connection,
  target: Target | undefined,
): Promise<net.Socket | undefined> {
  if (connection.refused !== undefined) return undefined;
  const found = await dialled(proxy, target);
  if ('refused' in found) {
    connection.refused = found.refused;
    return undefined;
  }
  if (found.address !== undefined) connection.address = found.address;
  return found.socket.setTimeout(proxy.limits.idleMs, () => found.socket.destroy());
}

async function dialled({ allowed, allowedBy, dial }: Proxy, target: Target | undefined): ReturnType<Dial> {
  if (target === undefined) return { refused: 'not a host and a port' };
  if (!isNamed(allowed, target)) return { refused: `${addressText(target)} is not named by ${allowedBy}` };
  return await dial(target);
}

function keepOpen({ open, log }: Proxy, stream: Duplex, connection: Connection): void {
  open.add(stream);
  stream.on('error', () => stream.destroy());
  stream.on('close', () => {
    open.delete(stream);
    log.end(connection);
  });
}

function urlOf(text: string | undefined): URL | undefined {
  if (text === undefined || !/^http:\/\//i.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.username === '' && url.password === '' ? url : undefined;
}

const HOP_BY_HOP: ReadonlySet<string> = new Set(
  'connection keep-alive proxy-connection proxy-authorization proxy-authenticate te trailer transfer-encoding upgrade'.split(
    ' ',
  ),
);

function withoutHopByHop(headers: http.IncomingHttpHeaders): http.OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name)));
}

function refusal(connection: Connection): string {
  const text = `signalbox: ${connection.refused ?? 'closed'}\n`;
  return `HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\nContent-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`;
}

function answerRefusal(response: http.ServerResponse, connection: Connection): void {
  if (response.headersSent) return void response.destroy();
  response.writeHead(403, { 'content-type': 'text/plain', connection: 'close' });
  response.end(`signalbox: ${connection.refused ?? 'closed'}\n`);
}
