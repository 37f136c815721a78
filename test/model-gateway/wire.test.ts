/** Raw bytes that a program in the box can send without an HTTP library. None of them reaches the provider, and other runs are served. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import net from 'node:net';
import { prose } from '../../simulator/model/scripts.ts';
import { goodBody, openStage, plenty, post, testModel, type Stage } from './support/gateway.ts';

let stage: Stage;
let run: { readonly token: string; readonly socketPath: string };
beforeAll(async () => {
  stage = await openStage({
    script: prose,
    limits: { headersTimeoutMs: 300, requestTimeoutMs: 600, refusalsMax: 40 },
  });
  run = await stage.client.register({ runId: 'wire', model: testModel, limits: plenty });
});
afterAll(() => stage.close());

const body = JSON.stringify(goodBody());
const bytes = Buffer.byteLength(body);
const hex = bytes.toString(16);
const line = 'POST /v1/responses HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
const auth = (): string => `Authorization: Bearer ${run.token}\r\n`;
const close = 'Connection: close\r\n';
const plain = (): string => `${line}${auth()}${close}Content-Length: ${bytes}\r\n\r\n${body}`;

/** Sends the text unchanged and resolves to all bytes received until the other side closes. */
function speak(words: string): Promise<string> {
  return new Promise(resolve => {
    let heard = '';
    const socket = net.connect(run.socketPath, () => socket.write(words));
    socket.on('data', chunk => (heard += chunk.toString()));
    socket.on('error', () => undefined);
    socket.once('close', () => resolve(heard));
  });
}

const statuses = (heard: string): readonly string[] =>
  Array.from(heard.matchAll(/^HTTP\/1\.1 (\d{3})/gm), ([, status]) => status ?? '');

/** Each case: the bytes to send and the statuses that come back. */
const corpus: readonly (readonly [name: string, words: () => string, answered: readonly string[]])[] = [
  [
    'a length together with chunks',
    () =>
      `${line}${auth()}${close}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n${hex}\r\n${body}\r\n0\r\n\r\n`,
    ['400'],
  ],
  [
    'two lengths',
    () => `${line}${auth()}${close}Content-Length: ${bytes}\r\nContent-Length: 5\r\n\r\n${body}`,
    ['400'],
  ],
  ['a compressed transfer', () => `${line}${auth()}${close}Transfer-Encoding: gzip\r\n\r\n${body}`, ['400']],
  [
    'chunks with a space in the header name',
    () => `${line}${auth()}${close}Transfer-Encoding : chunked\r\n\r\n${hex}\r\n${body}\r\n0\r\n\r\n`,
    ['400'],
  ],
  [
    'a chunk with an invalid size',
    () => `${line}${auth()}${close}Transfer-Encoding: chunked\r\n\r\nzz\r\n${body}\r\n0\r\n\r\n`,
    ['400'],
  ],
  [
    'a header folded over two lines',
    () => `${line}${auth()}X: a\r\n b\r\n${close}Content-Length: 0\r\n\r\n`,
    ['400'],
  ],
  ['headers without an end', () => `${line}${auth()}X: ${'x'.repeat(20_000)}`, ['431']],
  [
    'a second pipelined request without a token',
    () => `${line}Content-Length: 2\r\n\r\n{}${line}Content-Length: 2\r\n\r\n{}`,
    ['401'],
  ],
  ['the preface of HTTP/2', () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', ['400']],
  ['a tunnel', () => `CONNECT api.openai.com:443 HTTP/1.1\r\nHost: x\r\n${auth()}\r\n`, []],
  [
    'an upgrade to a WebSocket',
    () =>
      `GET /v1/responses HTTP/1.1\r\nHost: x\r\n${auth()}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
    ['405'],
  ],
  [
    'a token in the address',
    () =>
      `POST /v1/responses?authorization=${run.token} HTTP/1.1\r\nHost: x\r\n${close}Content-Length: 0\r\n\r\n`,
    ['404'],
  ],
  [
    'a token of another kind',
    () => `${line}Authorization: Basic ${run.token}\r\n${close}Content-Length: 0\r\n\r\n`,
    ['401'],
  ],
  ['headers that never end', () => `${line}X: `, ['408']],
  ['a body that never ends', () => `${line}${auth()}Content-Length: ${bytes}\r\n\r\n{`, ['408']],
];

describe('raw bytes on the socket', () => {
  test.each(corpus)('%s: the provider gets no request', async (_name, words, answered) => {
    const seen = stage.model.requests.length;
    expect(statuses(await speak(words()))).toEqual(answered);
    expect(stage.model.requests).toHaveLength(seen);
    // Positive control: the plain request, sent the same way.
    expect(statuses(await speak(plain()))).toEqual(['200']);
    expect(stage.model.requests).toHaveLength(seen + 1);
  });

  test('valid chunks are accepted', async () => {
    const chunked = `${line}${auth()}${close}Transfer-Encoding: chunked\r\n\r\n${hex};x=y\r\n${body}\r\n0\r\n\r\n`;
    expect(statuses(await speak(chunked))).toEqual(['200']);
  });
});

test('a run that keeps all its connections open does not delay other runs, and its connections are closed', async () => {
  const held = Array.from({ length: 20 }, () => speak(`${line}X: `));
  const other = await stage.client.register({ runId: 'other', model: testModel, limits: plenty });
  expect((await post(other)).status).toBe(200);
  await Promise.all(held);
  expect((await post(run)).status).toBe(200);
});

test('a run that is refused too often gets no more answers; other runs do', async () => {
  const loud = await stage.client.register({ runId: 'loud', model: testModel, limits: plenty });
  const refused = { ...loud, path: '/v1/files' };
  for (let count = 0; count < 40; count += 1) expect((await post(refused)).status).toBe(404);
  await expect(post(refused)).rejects.toThrow(/socket hang up|ECONNRESET/);
  await expect(post(loud)).rejects.toThrow(/socket hang up|ECONNRESET/);
  expect((await stage.client.usage('loud')).refusals).toBe(40);
  expect((await post(run)).status).toBe(200);
});
