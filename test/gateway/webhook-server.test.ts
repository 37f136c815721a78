/** The server over real HTTP: it refuses unsigned deliveries, loses no accepted one, and has one status per refusal. */
import { createHmac } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { WebhookPoke } from '../../src/gateway/poke.ts';
import { createWebhookServer } from '../../src/gateway/webhook-server.ts';
import type { WebhookServer, WebhookServerOptions } from '../../src/gateway/webhook-server.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';

const secret = 'the-current-webhook-secret';
const oldSecret = 'the-older-webhook-secret';
const payload = JSON.stringify({
  action: 'labeled',
  issue: { number: 7 },
  repository: { full_name: 'octo/app' },
});
const anywhere = { host: '127.0.0.1', port: 0 };

let pokes: WebhookPoke[];
let logged: string;
let healthy: boolean;
let handOver: (poke: WebhookPoke) => Promise<void>;
let server: WebhookServer;
let url: string;

let metrics = createMetrics();
const options: Omit<WebhookServerOptions, 'metrics'> = {
  secrets: [secret, oldSecret],
  limits: { bodyBytesMax: 10_000, handOverTimeoutMs: 200 },
  handOver: async poke => await handOver(poke),
  logger: {
    info: (fields, message) => void (logged += `${message} ${JSON.stringify(fields)}\n`),
    warn: (fields, message) => void (logged += `${message} ${JSON.stringify(fields)}\n`),
  },
  isHealthy: () => healthy,
};

beforeEach(async () => {
  [pokes, logged, healthy] = [[], '', true];
  handOver = async poke => void pokes.push(poke);
  metrics = createMetrics();
  server = createWebhookServer({ ...options, metrics });
  url = await server.listen(anywhere);
});
afterEach(async () => await server.close());

const sign = (text: string, key = secret) => `sha256=${createHmac('sha256', key).update(text).digest('hex')}`;

let deliveries = 0;
const headersFor = (
  text: string,
  changed: Record<string, string | undefined> = {},
): Record<string, string> => {
  deliveries += 1;
  const headers: Record<string, string | undefined> = {
    'content-type': 'application/json',
    'x-github-event': 'issues',
    'x-github-delivery': `delivery-${deliveries}`,
    'x-hub-signature-256': sign(text),
    ...changed,
  };
  return Object.fromEntries(
    Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
};

const deliver = async (text: string, changed: Record<string, string | undefined> = {}) => {
  const response = await fetch(`${url}/webhooks`, {
    method: 'POST',
    body: text,
    headers: headersFor(text, changed),
  });
  return { status: response.status, text: await response.text() };
};

test('a signed delivery is handed over before it is answered', async () => {
  expect(await deliver(payload)).toEqual({ status: 202, text: 'handed-over' });
  expect(pokes).toMatchObject([{ owner: 'octo', repo: 'app', issue: 7, facets: ['issue'] }]);
});

test('an older secret is accepted during a rotation', async () => {
  expect((await deliver(payload, { 'x-hub-signature-256': sign(payload, oldSecret) })).status).toBe(202);
});

describe('refuses a delivery with', () => {
  const sha1 = createHmac('sha1', secret).update(payload).digest('hex');
  const respaced = JSON.stringify(JSON.parse(payload), null, 1);
  test.each([
    ['no signature', payload, undefined],
    ['another secret', payload, sign(payload, 'not-the-webhook-secret')],
    ['a SHA-1 signature', payload, `sha1=${sha1}`],
    ['a bare digest', payload, sign(payload).slice('sha256='.length)],
    ['an empty signature', payload, ''],
    ['a signature of the same JSON in other formatting', respaced, sign(payload)],
    ['an empty body', '', sign('x')],
    ['one byte more than was signed', `${payload} `, sign(payload)],
  ])('%s', async (_, text, signature) => {
    expect((await deliver(text, { 'x-hub-signature-256': signature })).status).toBe(401);
    expect(pokes).toEqual([]);
  });
});

describe('answers with its own status', () => {
  test('a delivery with another content type', async () => {
    expect((await deliver(payload, { 'content-type': 'application/x-www-form-urlencoded' })).status).toBe(
      415,
    );
  });
  test('a delivery without an event name', async () => {
    expect((await deliver(payload, { 'x-github-event': undefined })).status).toBe(400);
  });
  test('a delivery without a delivery id', async () => {
    expect((await deliver(payload, { 'x-github-delivery': undefined })).status).toBe(400);
  });
  test('a signed body that is not JSON', async () => {
    expect((await deliver('{"a":')).status).toBe(400);
  });
  test('a signed body that does not match the schema of its event', async () => {
    expect(await deliver('{"repository":{"full_name":"octo/app"}}')).toEqual({
      status: 400,
      text: 'the payload lacks issue',
    });
  });
  test('unknown paths and methods', async () => {
    expect((await fetch(`${url}/constructor`)).status).toBe(404);
    const response = await fetch(`${url}/webhooks`);
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  });
  test('an event that maps to nothing, with 200', async () => {
    expect(await deliver('{"zen":"x"}', { 'x-github-event': 'ping' })).toEqual({
      status: 200,
      text: 'nothing to do',
    });
  });
});

describe('a body above the limit', () => {
  test('is refused by its Content-Length', async () => {
    const text = 'x'.repeat(10_001);
    expect((await deliver(text)).status).toBe(413);
  });
  test('of exactly the limit is accepted (positive control)', async () => {
    const text = payload + ' '.repeat(10_000 - payload.length);
    expect((await deliver(text)).status).toBe(202);
  });
  test('without a length is refused as soon as it exceeds the limit', async () => {
    const text = 'x'.repeat(1_000);
    const { status, sent } = await new Promise<{ status: number | undefined; sent: number }>(
      (resolve, reject) => {
        let chunks = 0;
        const request = httpRequest(
          `${url}/webhooks`,
          { method: 'POST', headers: headersFor(text) },
          response => {
            clearInterval(timer);
            response.resume();
            request.destroy();
            resolve({ status: response.statusCode, sent: chunks });
          },
        );
        request.on('error', reject);
        const timer = setInterval(() => {
          chunks += 1;
          request.write(text);
        }, 1);
      },
    );
    expect(status).toBe(413);
    expect(sent).toBeLessThan(1_000);
  });
  test('that the sender aborts does not stop the server', async () => {
    const { port } = new URL(url);
    await new Promise<void>(resolve => {
      const socket = connect(Number(port), '127.0.0.1', () => {
        socket.write(
          'POST /webhooks HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\nabc',
        );
        socket.end();
      });
      socket.on('close', () => resolve());
      socket.resume();
    });
    expect((await deliver(payload)).status).toBe(202);
  });
});

describe('a repeated delivery', () => {
  const again = { 'x-github-delivery': 'the-same' };
  test('is handed over once', async () => {
    expect(await deliver(payload, again)).toEqual({ status: 202, text: 'handed-over' });
    expect(await deliver(payload, again)).toEqual({ status: 200, text: 'duplicate' });
    expect(pokes).toHaveLength(1);
  });
  test('during the first hand-over is answered after that hand-over', async () => {
    let release: () => void = () => undefined;
    handOver = async poke => {
      pokes.push(poke);
      await new Promise<void>(resolve => (release = resolve));
    };
    const both = [deliver(payload, again), deliver(payload, again)];
    let answered = 0;
    for (const one of both) void one.then(() => (answered += 1));
    while (pokes.length === 0) await new Promise(resolve => setImmediate(resolve));
    expect(answered).toBe(0);
    release();
    expect((await Promise.all(both)).map(({ status }) => status).sort()).toEqual([200, 202]);
    expect(pokes).toHaveLength(1);
  });
  test('after a failed hand-over is handed over again', async () => {
    const working = handOver;
    handOver = async () => await Promise.reject(new Error('Temporal is down'));
    expect((await deliver(payload, again)).status).toBe(503);
    handOver = working;
    expect((await deliver(payload, again)).status).toBe(202);
    expect(pokes).toHaveLength(1);
  });
});

test('a hand-over that hangs results in a failed delivery', async () => {
  handOver = async () => await new Promise(() => undefined);
  expect((await deliver(payload)).status).toBe(503);
});

test('a thousand replays result in one hand-over', async () => {
  const headers = headersFor(payload);
  for (let batch = 0; batch < 20; batch += 1) {
    const sent = Array.from({ length: 50 }, async () => {
      const response = await fetch(`${url}/webhooks`, { method: 'POST', body: payload, headers });
      return response.status;
    });
    for (const status of await Promise.all(sent)) expect([200, 202]).toContain(status);
  }
  expect(pokes).toHaveLength(1);
});

test('the health endpoint reports the given health', async () => {
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  healthy = false;
  const response = await fetch(`${url}/healthz`);
  expect([response.status, await response.text()]).toEqual([503, 'unavailable\n']);
});

test('strangers cannot read the metrics, which the health port has', async () => {
  await deliver(payload);
  expect((await fetch(`${url}/metrics`)).status).toBe(404);
  expect(await metrics.text()).toContain('signalbox_webhooks_total');
});

test('the lag of a webhook is counted from the event on GitHub, and never below zero', async () => {
  const at = (time: string) => JSON.stringify({ ...JSON.parse(payload), comment: { updated_at: time } });
  await deliver(at('2020-01-01T00:00:00Z'));
  await deliver(at('2999-01-01T00:00:00Z'));
  await deliver(payload);
  const text = await metrics.text();
  expect(text).toContain('signalbox_webhook_lag_seconds_bucket{le="1"} 1\n');
  expect(text).toContain('signalbox_webhook_lag_seconds_bucket{le="1800"} 1\n');
  expect(text).toContain('signalbox_webhook_lag_seconds_count 2\n');
});

test('the metrics count each outcome', async () => {
  await deliver(payload);
  await deliver(payload, { 'x-hub-signature-256': 'sha256=00' });
  const text = await metrics.text();
  expect(text).toContain('signalbox_webhooks_total{outcome="handed-over"} 1\n');
  expect(text).toContain('signalbox_webhooks_total{outcome="bad-signature"} 1\n');
});

test('the log names the delivery and contains neither payload, signature nor secret', async () => {
  await deliver(payload, { 'x-github-delivery': 'seen-in-the-log' });
  await deliver(payload, { 'x-hub-signature-256': 'sha256=00', 'x-github-delivery': 'forged and odd' });
  expect(logged).toContain('seen-in-the-log');
  for (const hidden of [secret, oldSecret, sign(payload), 'labeled', 'forged'])
    expect(logged).not.toContain(hidden);
});

test('a port in use is an error with code EADDRINUSE', async () => {
  const second = createWebhookServer({ ...options, metrics });
  const at = { host: '127.0.0.1', port: Number(new URL(url).port) };
  await expect(second.listen(at)).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

test.each([[[]], [['']], [['short']], [[secret, '']]])('the secrets %j are refused at startup', secrets => {
  expect(() => createWebhookServer({ ...options, metrics, secrets })).toThrow(/secret/);
});
