/** The operator's webhook, against a real server: formats, signature, what is retried, and that its URL is nowhere. */
import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { notifySettings, processSettings } from '../../src/config/environment.ts';
import {
  createNotify,
  type NotifyMessage,
  type NotifyOutcome,
  type NotifySettings,
} from '../../src/notify/webhook.ts';

interface Post {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

const PATH = '/services/T0/B0/secret-path';
const SECRET = 'a shared secret';
let server: Server;
let posts: Post[] = [];
let answer: (response: ServerResponse) => void;

beforeAll(async () => {
  server = createServer((request, response) => void take(request, response));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
});
beforeEach(() => {
  posts = [];
  answer = response => void response.writeHead(200).end('ok');
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise(resolve => server.close(resolve));
});

async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  posts.push({ method: request.method, path: request.url, headers: request.headers, body });
  answer(response);
}

const urlOf = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}${PATH}`;

const MESSAGE: NotifyMessage = {
  deliveryId: '0123456789ab',
  text: 'acme/shop#7 Prices: the merge gate waits for a decision',
  facts: { repository: 'acme/shop', issue: 7, rung: 'fresh', who: ['@ann'] },
};

async function send(settings: Partial<NotifySettings> = {}): Promise<NotifyOutcome> {
  return await createNotify({ url: urlOf(), ...settings }, fetch, () => Date.UTC(2026, 0, 5))(MESSAGE);
}

describe('a post', () => {
  test('is signed like a webhook of GitHub, and says which delivery it is and when it was sent', async () => {
    expect(await send({ secret: SECRET })).toEqual({ kind: 'taken' });
    const [post] = posts;
    const signature = createHmac('sha256', SECRET)
      .update(post?.body ?? '')
      .digest('hex');
    expect(post).toMatchObject({
      method: 'POST',
      path: PATH,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'x-signalbox-delivery': MESSAGE.deliveryId,
        'x-signalbox-timestamp': '2026-01-05T00:00:00.000Z',
        'x-signalbox-signature-256': `sha256=${signature}`,
      },
    });
    expect(JSON.stringify(post)).not.toContain(SECRET);
  });

  test('is not signed without a secret', async () => {
    await send();
    expect(posts[0]?.headers).not.toHaveProperty('x-signalbox-signature-256');
  });

  test('has all facts in the format json, and its text', async () => {
    await send();
    expect(JSON.parse(posts[0]?.body ?? '')).toEqual({
      text: MESSAGE.text,
      delivery: MESSAGE.deliveryId,
      sentAt: '2026-01-05T00:00:00.000Z',
      ...MESSAGE.facts,
    });
  });

  test('is a text for Slack, and an adaptive card for Teams', async () => {
    await send({ format: 'slack' });
    await send({ format: 'teams' });
    const [slack, teams] = posts.map(({ body }): unknown => JSON.parse(body));
    expect(slack).toEqual({ text: MESSAGE.text });
    expect(teams).toMatchObject({
      type: 'message',
      attachments: [
        {
          contentType: 'application/vnd.microsoft.card.adaptive',
          content: { type: 'AdaptiveCard', body: [{ type: 'TextBlock', text: MESSAGE.text }] },
        },
      ],
    });
  });
});

describe('an answer', () => {
  test.each([200, 201, 202, 204])('%d is a yes', async status => {
    answer = response => void response.writeHead(status).end();
    expect(await send()).toEqual({ kind: 'taken' });
  });

  test.each([400, 401, 403, 404, 410])('%d is a no', async status => {
    answer = response => void response.writeHead(status).end(`no: ${urlOf()}`);
    expect(await send()).toEqual({ kind: 'refused', why: `it answered ${status}` });
  });

  test.each([408, 429, 500, 503])('%d is for another attempt', async status => {
    answer = response => void response.writeHead(status).end();
    expect(await send()).toEqual({ kind: 'failed', why: `it answered ${status}` });
  });

  test('can say when to try again, but not for longer than five minutes', async () => {
    answer = response => void response.writeHead(429, { 'retry-after': '7' }).end();
    expect(await send()).toMatchObject({ retryAfterMs: 7_000 });
    answer = response => void response.writeHead(429, { 'retry-after': '86400' }).end();
    expect(await send()).toMatchObject({ retryAfterMs: 300_000 });
  });

  test('that redirects is not followed: the post is for the operator’s server only', async () => {
    answer = response => void response.writeHead(307, { location: `${urlOf()}/elsewhere` }).end();
    expect(await send({ secret: SECRET })).toMatchObject({ kind: 'refused' });
    expect(posts).toHaveLength(1);
  });

  test('without an end is not waited for', async () => {
    answer = response => void response.writeHead(200).write('x'.repeat(100_000));
    expect(await send()).toEqual({ kind: 'taken' });
  });
});

describe('the URL is a secret', () => {
  test('no outcome names it, its host, or the secret', async () => {
    const outcomes: NotifyOutcome[] = [];
    for (const status of [307, 404, 500]) {
      answer = response => void response.writeHead(status, { location: urlOf() }).end(urlOf());
      outcomes.push(await send({ secret: SECRET }));
    }
    answer = response => void response.destroy();
    outcomes.push(await send({ secret: SECRET }));
    outcomes.push(await send({ url: `http://127.0.0.1:1${PATH}`, secret: SECRET }));
    outcomes.push(await send({ url: `http://no-such-host.invalid${PATH}`, secret: SECRET }));
    expect(outcomes.map(({ kind }) => kind)).toEqual([
      'refused',
      'refused',
      'failed',
      'failed',
      'failed',
      'failed',
    ]);
    expect(JSON.stringify(outcomes)).not.toMatch(/secret-path|127\.0\.0\.1|no-such-host|shared secret/);
  });

  test('a setting that cannot be used is refused without its value', () => {
    const refusal = (url: string): string => {
      try {
        notifySettings(processSettings({ SIGNALBOX_NOTIFY_URL: url }));
        return '';
      } catch (error) {
        return String(error);
      }
    };
    expect(refusal('https://hooks.slack.com/services/T0/B0/secret-path')).toBe('');
    expect(refusal('http://127.0.0.1:9/secret-path')).toBe('');
    for (const url of ['http://chat.example/secret-path', 'ftp://chat.example/secret-path', 'secret-path']) {
      expect(refusal(url)).toContain('SIGNALBOX_NOTIFY_URL');
      expect(refusal(url)).not.toContain('secret-path');
    }
  });
});
