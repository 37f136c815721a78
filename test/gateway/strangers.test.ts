/** Whoever reaches the webhook port cannot use up memory, connections or time of the gateway. Real sockets. */
import { createHmac } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import {
  createWebhookServer,
  type WebhookLimits,
  type WebhookServer,
} from '../../src/gateway/webhook-server.ts';
import { createMetrics, type Metrics } from '../../src/telemetry/metrics.ts';
import { until } from '../support/until.ts';

const secret = 'the-current-webhook-secret';
const sign = (text: string | Buffer) => `sha256=${createHmac('sha256', secret).update(text).digest('hex')}`;
const forged = sign('something else');

let server: WebhookServer;
let url: string;
let metrics: Metrics;
let handedOver = 0;
const sockets: Socket[] = [];

async function serve(limits: Partial<WebhookLimits> = {}): Promise<void> {
  handedOver = 0;
  metrics = createMetrics();
  server = createWebhookServer({
    secrets: [secret],
    limits,
    handOver: () => Promise.resolve(void (handedOver += 1)),
    logger: { info: () => undefined, warn: () => undefined },
    metrics,
    isHealthy: () => true,
  });
  url = await server.listen({ host: '127.0.0.1', port: 0 });
}

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await server.close();
});

interface Stranger {
  readonly socket: Socket;
  /** What the gateway answered. */
  readonly answer: () => string;
}

/** Opens a connection and writes; errors of the connection are expected. */
async function stranger(...parts: readonly (string | Buffer)[]): Promise<Stranger> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  sockets.push(socket);
  let text = '';
  socket.on('error', () => undefined);
  socket.on('data', (chunk: Buffer) => void (text += chunk.toString('latin1')));
  await new Promise(resolve => socket.once('connect', resolve));
  for (const part of parts) socket.write(part);
  return { socket, answer: () => text };
}

const head = (length: number, signature?: string) =>
  [
    'POST /webhooks HTTP/1.1',
    'host: gateway',
    'content-type: application/json',
    'x-github-event: issues',
    `x-github-delivery: delivery-${sockets.length}`,
    `content-length: ${length}`,
    ...(signature === undefined ? [] : [`x-hub-signature-256: ${signature}`]),
    '\r\n',
  ].join('\r\n');

/** About as large as GitHub's usual deliveries. */
const ordinary = JSON.stringify({
  action: 'labeled',
  issue: { number: 7, body: 'x'.repeat(60_000) },
  repository: { full_name: 'octo/app' },
});

async function deliver(): Promise<number> {
  const response = await fetch(`${url}/webhooks`, {
    method: 'POST',
    body: ordinary,
    headers: {
      'content-type': 'application/json',
      'x-github-event': 'issues',
      'x-github-delivery': 'ordinary',
      'x-hub-signature-256': sign(ordinary),
    },
  });
  await response.text();
  return response.status;
}

async function metric(name: string): Promise<number> {
  const text = await metrics.text();
  const line = text.split('\n').find(one => one.startsWith(`${name} `));
  return Number(line?.slice(name.length) ?? 0);
}

const bodyBytes = () => metric('signalbox_webhook_body_bytes');
const outcomes = (outcome: string) => metric(`signalbox_webhooks_total{outcome="${outcome}"}`);

async function met(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  await until(what, async () => ((await condition()) ? true : undefined));
}

const isOver = ({ socket }: Stranger) => socket.destroyed || socket.readableEnded;

const MIB = 1024 * 1024;

test('a request without a signature is refused before its body arrives, and its connection is closed', async () => {
  await serve();
  const refused = await stranger(head(24_000_000));
  await met('the end of the connection', () => isOver(refused));
  expect(refused.answer()).toMatch(/^HTTP\/1\.1 401 .*\r\n(.*\r\n)*connection: close\r\n/i);
  expect(await deliver()).toBe(202);
});

test('sixty unfinished bodies use no more than the common limit, and an ordinary delivery gets through', async () => {
  const allBytesMax = 4 * MIB;
  await serve({ allBytesMax });
  const body = Buffer.alloc(2 * MIB, 'x');
  const strangers = await Promise.all(
    Array.from({ length: 60 }, () => stranger(head(24_000_000, forged), body)),
  );
  await met('most of them made room', async () => (await outcomes('crowded-out')) >= 55);
  expect(await bodyBytes()).toBeLessThanOrEqual(allBytesMax);
  expect(await deliver()).toBe(202);
  expect(await bodyBytes()).toBeGreaterThan(0);
  expect(strangers.filter(({ socket }) => !socket.destroyed).length).toBeGreaterThan(0);
  expect(handedOver).toBe(1);
});

test('a body that arrives in tiny pieces counts with what the pieces cost', async () => {
  await serve({ allBytesMax: 20_000 });
  const slow = await stranger(head(1_000, forged));
  slow.socket.setNoDelay(true);
  for (let sent = 0; sent < 999 && !isOver(slow); sent += 1) {
    slow.socket.write('x');
    await new Promise(resolve => setImmediate(resolve));
  }
  await met('it makes room', async () => (await outcomes('crowded-out')) === 1);
});

test.each([
  ['sends nothing', []],
  ['never ends its headers', ['POST /webhooks HTTP/1.1\r\nhost: gateway\r\n']],
  ['never ends its body', [head(100, forged), 'abc']],
  [
    'never ends the body of an unknown path',
    ['POST /x HTTP/1.1\r\nhost: gateway\r\ncontent-length: 9\r\n\r\nabc'],
  ],
])('a sender that %s is cut', async (_, parts) => {
  await serve({ headersTimeoutMs: 200, requestTimeoutMs: 400 });
  const slow = await stranger(...parts);
  await met('the end of the connection', () => isOver(slow));
  expect(await bodyBytes()).toBe(0);
  expect(await deliver()).toBe(202);
});

test('when there are too many connections, the oldest strangers make room for a delivery', async () => {
  await serve({ connectionsMax: 20 });
  const strangers: Stranger[] = [];
  for (let opened = 0; opened < 25; opened += 1) strangers.push(await stranger(head(100, forged), 'abc'));
  await met('the oldest are gone', () => strangers.slice(0, 5).every(isOver));
  expect(await deliver()).toBe(202);
  expect(strangers.filter(({ socket }) => !socket.destroyed).length).toBeGreaterThanOrEqual(18);
});

test('a stranger does not delay the end of the gateway', async () => {
  await serve();
  await stranger(head(100, forged), 'abc');
  await met('its body arrives', async () => (await bodyBytes()) > 0);
  await server.close();
  await serve();
});
