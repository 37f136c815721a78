/**
 * The network of a set-up: an HTTP proxy on a Unix socket that connects only to hosts that the policy names. The box has
 * no network; the relay inside forwards HTTP_PROXY to this socket.
 */
import http from 'node:http';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import { parseTarget, type Target, targetText } from './allow-list.ts';
import { type Connection, ConnectionLog, type EgressLimits } from './connections.ts';
import { addressesFor, type Reach } from './reach.ts';

export interface EgressInput {
  readonly socketPath: string;
  readonly reach: Reach;
  readonly limits: EgressLimits;
}

export interface Egress {
  readonly log: ConnectionLog;
  /** Ends every connection. */
  close(): Promise<void>;
}

export async function openEgress(input: EgressInput): Promise<Egress> {
  const log = new ConnectionLog(input.limits);
  const server = http.createServer({ maxHeaderSize: HEADER_BYTES_MAX, headersTimeout: input.limits.idleMs });
  const proxy: Proxy = { ...input, log, open: new Set() };
  server.on('connect', (request, socket, head) => void tunnel(proxy, { request, socket, head }));
  server.on('request', (request, response) => void forward(proxy, request, response));
  server.on('clientError', (_error, socket) => socket.destroy());
  server.maxConnections = input.limits.connectionsAtOnceMax + SPARE_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(input.socketPath, resolve);
  });
  return {
    log,
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
const CONNECT_TIMEOUT_MS = 30_000;
const ADDRESSES_MAX = 4;

interface Proxy extends EgressInput {
  readonly log: ConnectionLog;
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
  outgoing.on('error', () =>
    answerRefusal(response, { ...connection, refused: 'the server did not answer' }),
  );
  outgoing.on('response', answer => {
    response.writeHead(answer.statusCode ?? 502, withoutHopByHop(answer.headers));
    answer.on('data', (chunk: Buffer) => proxy.log.count(connection, 'down', chunk.length) || stop());
    answer.on('error', () => response.destroy());
    answer.pipe(response);
  });
  proxy.log.count(connection, 'up', [request.url, ...request.rawHeaders].join('').length);
  request.on('data', (chunk: Buffer) => proxy.log.count(connection, 'up', chunk.length) || stop());
  response.on('close', stop);
  request.pipe(outgoing);
}

/** Connects to an address that `addressesFor` allowed. Undefined if refused; the record then has the reason. */
async function connected(
  proxy: Proxy,
  connection: Connection,
  target: Target | undefined,
): Promise<net.Socket | undefined> {
  if (connection.refused !== undefined) return undefined;
  const found =
    target === undefined ? { refused: 'not a host and a port' } : await addressesFor(proxy.reach, target);
  if ('refused' in found || target === undefined) {
    connection.refused = 'refused' in found ? found.refused : '';
    return undefined;
  }
  for (const address of found.addresses.slice(0, ADDRESSES_MAX)) {
    const socket = await connect(address, target.port);
    if (socket === undefined) continue;
    connection.address = address;
    return socket.setTimeout(proxy.limits.idleMs, () => socket.destroy());
  }
  connection.refused = `${targetText(target)} cannot be reached`;
  return undefined;
}

function connect(host: string, port: number): Promise<net.Socket | undefined> {
  return new Promise(resolve => {
    const socket = net.connect({ host, port, timeout: CONNECT_TIMEOUT_MS });
    const fail = (): void => {
      socket.destroy();
      resolve(undefined);
    };
    for (const event of ['error', 'timeout', 'close']) socket.once(event, fail);
    socket.once('connect', () => {
      for (const event of ['timeout', 'close']) socket.off(event, fail);
      resolve(socket);
    });
  });
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
