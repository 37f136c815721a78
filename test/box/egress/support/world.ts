/** The surroundings of the set-up proxy: a server with several names, a resolver, and a proxy client. */
import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Resolve } from '../../../../src/box/egress/resolve.ts';

export interface Reply {
  readonly status: number;
  readonly text: string;
}

export interface World {
  readonly port: number;
  readonly socketPath: string;
  /** Requests that reached the server. */
  readonly seen: { readonly url: string; readonly headers: http.IncomingHttpHeaders }[];
  readonly resolve: Resolve;
  /** Sends CONNECT, then a request through the tunnel. If CONNECT is refused, returns the refusal. */
  connect(target: string, path?: string): Promise<Reply>;
  plain(url: string, headers?: Record<string, string>): Promise<Reply>;
  close(): Promise<void>;
}

/** The resolver's names; all others are unknown. */
const names: Readonly<Record<string, readonly string[]>> = {
  'registry.test': ['127.0.0.1'],
  'other.test': ['127.0.0.1'],
  'cdn.registry.test': ['127.0.0.1'],
  'metadata.test': ['169.254.169.254'],
  'two.test': ['93.184.216.34', '127.0.0.1'],
};

export async function openWorld(): Promise<World> {
  const seen: World['seen'] = [];
  const server = http.createServer((request, response) => {
    seen.push({ url: request.url ?? '', headers: request.headers });
    if (request.url === '/slow') return;
    response.end(request.url === '/big' ? Buffer.alloc(200_000, 'x') : `hello ${request.headers.host ?? ''}`);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const dir = await mkdtemp(join(tmpdir(), 'egress-'));
  const socketPath = join(dir, 'proxy.sock');
  return {
    ...{ port: (server.address() as AddressInfo).port, socketPath, seen },
    resolve: async host => names[host] ?? [],
    connect: (target, path = '/') => connect(socketPath, target, path),
    plain: (url, headers = {}) =>
      new Promise((resolve, reject) => {
        const request = http.request({ socketPath, path: url, headers, agent: false });
        request.once('error', reject);
        request.once('response', response => void reply(response).then(resolve));
        request.end();
      }),
    close: async () => {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
      await rm(dir, { recursive: true });
    },
  };
}

function connect(socketPath: string, target: string, path: string): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const request = http.request({ socketPath, method: 'CONNECT', path: target, agent: false });
    request.once('error', reject);
    request.once('response', response => void reply(response).then(resolve));
    request.once('connect', (response, socket, head) => {
      if (head.length > 0) socket.unshift(head);
      if (response.statusCode !== 200) return void reply(response, socket).then(resolve);
      const through = http.get({ path, host: 'inside', createConnection: () => socket });
      through.once('response', inner => void reply(inner).then(resolve));
      through.once('error', () => resolve({ status: 200, text: '(broken)' }));
    });
    request.end();
  });
}

async function reply(response: http.IncomingMessage, rest: NodeJS.ReadableStream = response): Promise<Reply> {
  let text = '';
  try {
    for await (const piece of rest) text += String(piece);
  } catch {
    text += '(broken)';
  }
  return { status: response.statusCode ?? 0, text };
}
