/**
 * The gateway's HTTP server: webhooks in, and one word of health out. It stores nothing: Temporal has what it accepted.
 * It may face the internet, so that causes and metrics are on another port (`SIGNALBOX_HEALTH_LISTEN`).
 */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerOptions, ServerResponse } from 'node:http';
import { createBodies } from './bodies.ts';
import { boundConnections, type Connections } from '../host/connections.ts';
import { listenAt, type ListenAddress } from '../host/listening.ts';
import type { HandOver } from './poke.ts';
import { createRecentDeliveries } from './recent-deliveries.ts';
import { answerDelivery } from './webhook-delivery.ts';
import type { DeliveryAnswer, DeliveryOptions } from './webhook-delivery.ts';
import type { Metrics } from '../telemetry/metrics.ts';

export interface WebhookLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface WebhookServerOptions {
  /** The current secret first, then older ones that are still accepted during a rotation. */
  readonly secrets: readonly string[];
  readonly limits?: Partial<WebhookLimits>;
  readonly handOver: HandOver;
  /** Our App's login; leave it out with a person's token. */
  readonly ownLogin?: string;
  readonly logger: WebhookLogger;
  readonly metrics: Metrics;
  /** Strangers learn only whether it works; the causes are for operators (`src/telemetry`). */
  readonly isHealthy: () => boolean | Promise<boolean>;
}

export interface WebhookLimits {
  readonly bodyBytesMax: number;
  /** All bodies that arrive at the same time. */
  readonly allBytesMax: number;
  readonly connectionsMax: number;
  readonly headersTimeoutMs: number;
  /** From the first byte of a request to the last one of its body. */
  readonly requestTimeoutMs: number;
  readonly handOverTimeoutMs: number;
}

const LIMITS: WebhookLimits = {
  // GitHub sends at most 25 MB, and usually less than 100 kB.
  bodyBytesMax: 25_000_000,
  allBytesMax: 64_000_000,
  connectionsMax: 500,
  headersTimeoutMs: 5_000,
  // GitHub itself gives up after ten seconds.
  requestTimeoutMs: 10_000,
  handOverTimeoutMs: 8_000,
};

export interface WebhookServer {
  /** Resolves to the URL, for example `http://127.0.0.1:8080`. Port 0 selects any free port. */
  listen(at: ListenAddress): Promise<string>;
  /** Accepts no new requests, waits for the signed deliveries in progress, and closes. */
  close(): Promise<void>;
}

const WEBHOOK_PATH = '/webhooks';

export function createWebhookServer(options: WebhookServerOptions): WebhookServer {
  if (options.secrets.length === 0 || options.secrets.some(secret => secret.length < SECRET_CHARS_MIN))
    throw new Error(`each webhook secret must have at least ${SECRET_CHARS_MIN} characters`);
  const { secrets, handOver, ownLogin } = options;
  const limits = { ...LIMITS, ...options.limits };
  const bodies = createBodies(limits);
  const recent = createRecentDeliveries({ deliveriesMax: 10_000, rememberedMs: 300_000 });
  const { handOverTimeoutMs } = limits;
  const common = { secrets, bodies, handOver, handOverTimeoutMs, recent };
  options.metrics.beforeText(() => options.metrics.set('signalbox_webhook_body_bytes', {}, bodies.bytes));

  const server = createServer(timeoutsOf(limits), (request, response) => {
    const onSigned = (): void => connections.keep(request.socket, response);
    const delivery = { ...common, onSigned, ...(ownLogin === undefined ? {} : { ownLogin }) };
    answer({ request, response, options, delivery }).catch((error: unknown) => {
      options.logger.warn(
        { error: error instanceof Error ? error.name : 'unknown' },
        'cannot answer a request',
      );
      if (!response.headersSent) send(response, 500, 'internal error');
      else response.destroy();
    });
  });
  const connections = boundConnections(server, limits.connectionsMax);
  return {
    listen: async at => await listenAt(server, at),
    close: async () => await close(server, connections),
  };
}

const SECRET_CHARS_MIN = 16;
const KEEP_ALIVE_MS = 5_000;
/** How often Node looks for senders that are too slow. */
const CHECK_MS = 500;

/** Also for a connection that never sends anything. */
function timeoutsOf({ headersTimeoutMs, requestTimeoutMs }: WebhookLimits): ServerOptions {
  return {
    headersTimeout: headersTimeoutMs,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: CHECK_MS,
  };
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly options: WebhookServerOptions;
  readonly delivery: DeliveryOptions;
}

type Answerer = (exchange: Exchange) => void | Promise<void>;

const routes: Readonly<Record<string, { readonly method: string; readonly answer: Answerer }>> = {
  [WEBHOOK_PATH]: { method: 'POST', answer: answerWebhook },
  '/healthz': { method: 'GET', answer: answerHealth },
};

async function answer(exchange: Exchange): Promise<void> {
  const { request, response } = exchange;
  const path = (request.url ?? '').split('?')[0] ?? '';
  const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
  if (route === undefined) send(response, 404, 'not found');
  else if (route.method === request.method) await route.answer(exchange);
  else send(response.setHeader('allow', route.method), 405, `only ${route.method} is allowed`);
}

async function answerHealth({ response, options }: Exchange): Promise<void> {
  const healthy = await options.isHealthy();
  send(response, healthy ? 200 : 503, healthy ? 'ok\n' : 'unavailable\n');
}

async function answerWebhook({ request, response, options, delivery }: Exchange): Promise<void> {
  const answered = await answerDelivery(request, delivery);
  count(options.metrics, answered);
  logAnswer(options.logger, answered);
  send(response, answered.status, answered.message);
}

function count(metrics: Metrics, { outcome, lagMs }: DeliveryAnswer): void {
  metrics.add('signalbox_webhooks_total', { outcome });
  if (lagMs !== undefined) metrics.observe('signalbox_webhook_lag_seconds', lagMs / 1_000);
}

function logAnswer(logger: WebhookLogger, { outcome, event, deliveryId, error }: DeliveryAnswer): void {
  const fields = { outcome, event, deliveryId, error };
  if (outcome === 'handed-over' || outcome === 'duplicate' || outcome === 'nothing-to-do')
    logger.info(fields, 'webhook');
  else logger.warn(fields, 'webhook refused');
}

function send(response: ServerResponse, status: number, text: string): void {
  // Do not wait for the unread rest of a refused body.
  if (!response.req.complete) response.setHeader('connection', 'close');
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'x-content-type-options': 'nosniff',
  });
  response.end(text);
}

async function close(server: Server, connections: Connections): Promise<void> {
  const closed = new Promise<void>(resolve => server.close(() => resolve()));
  connections.endStrangers();
  await closed;
}
