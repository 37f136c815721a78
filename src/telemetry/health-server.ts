/** The HTTP server for operators: `GET /healthz` and `GET /metrics`, with bounds on time and connections. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { boundConnections } from '../host/connections.ts';
import { listenAt, type ListenAddress } from '../host/listening.ts';
import type { Health } from './health.ts';

export interface HealthServer {
  readonly url: string;
  close(): Promise<void>;
}

export interface HealthServerInput {
  readonly listen: ListenAddress;
  readonly health: Health;
  /** The metrics in Prometheus' text format. */
  readonly metrics: () => Promise<string>;
}

const CONNECTIONS_MAX = 50;
const TIMEOUTS = {
  headersTimeout: 5_000,
  requestTimeout: 5_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
};
const PROMETHEUS_TEXT = 'text/plain; version=0.0.4';

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly type?: string;
}

/** Rejects with the code EADDRINUSE when the port is in use. */
export async function startHealthServer(input: HealthServerInput): Promise<HealthServer> {
  const server = createServer(TIMEOUTS, (request, response) => {
    answerTo(input, request)
      .catch(() => ({ status: 500, text: 'internal error\n' }))
      .then(answer => send(request, response, answer))
      .catch(() => response.destroy());
  });
  const connections = boundConnections(server, CONNECTIONS_MAX);
  const url = await listenAt(server, input.listen);
  return {
    url,
    close: async () => {
      const closed = new Promise<void>(resolve => server.close(() => resolve()));
      connections.endStrangers();
      await closed;
    },
  };
}

async function answerTo(
  { health, metrics }: HealthServerInput,
  { method, url = '' }: IncomingMessage,
): Promise<Answer> {
  const path = url.split('?')[0];
  if (path !== '/healthz' && path !== '/metrics') return { status: 404, text: 'not found\n' };
  if (method !== 'GET' && method !== 'HEAD') return { status: 405, text: 'only GET is allowed\n' };
  if (path === '/metrics') return { status: 200, text: await metrics(), type: PROMETHEUS_TEXT };
  return healthAnswer(await health.causes());
}

function healthAnswer(causes: readonly string[]): Answer {
  return causes.length === 0
    ? { status: 200, text: 'ok\n' }
    : { status: 503, text: `${causes.join('\n')}\n` };
}

function send(request: IncomingMessage, response: ServerResponse, { status, text, type }: Answer): void {
  if (!request.complete) response.setHeader('connection', 'close');
  if (status === 405) response.setHeader('allow', 'GET, HEAD');
  response.writeHead(status, {
    'content-type': `${type ?? 'text/plain'}; charset=utf-8`,
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
  });
  response.end(request.method === 'HEAD' ? undefined : text);
}
