/** The way out of a sandbox over one descriptor: it leads to one socket, and nothing that a box sends on it keeps the runner. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type ClientHttp2Session } from 'node:http2';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { once } from 'node:events';

import { afterEach, beforeEach, expect, test } from '@jest/globals';

import { afterLine } from '../../../src/box/after-line.ts';
import { sandboxProcess } from '../../../src/box/agent-sandbox/process.ts';
import { openTunnel } from '../../../src/box/agent-sandbox/tunnel.ts';
import { STARTED_LINE } from '../../../src/box/started-by-shell.ts';
import { waitUntil } from '../../../src/host/wait.ts';

let dir: string;
let gateway: net.Server;
let reached: Set<net.Socket>;
let runnerEnd: net.Socket;
let boxEnd: net.Socket;
let close: () => void;

beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'tunnel-'));
  reached = new Set();
  gateway = net.createServer(socket => {
    reached.add(socket.on('close', () => reached.delete(socket)).on('error', () => undefined));
    socket.pipe(socket);
  });
  const pair = net.createServer();
  await Promise.all([
    once(gateway.listen(path.join(dir, 'gateway.sock')), 'listening'),
    once(pair.listen(path.join(dir, 'pair.sock')), 'listening'),
  ]);
  const accepted = once(pair, 'connection') as Promise<[net.Socket]>;
  boxEnd = net.connect(path.join(dir, 'pair.sock')).on('error', () => undefined);
  [runnerEnd] = await accepted;
  pair.close();
  close = openTunnel(runnerEnd, path.join(dir, 'gateway.sock'));
});
afterEach(async () => {
  close();
  boxEnd.destroy();
  gateway.close();
  await rm(dir, { recursive: true });
});

function session(): ClientHttp2Session {
  return connect('http://host', { createConnection: () => boxEnd }).on('error', () => undefined);
}

const ask = (from: ClientHttp2Session, method = 'CONNECT') =>
  from.request({ ':method': method, ':authority': 'host' }).on('error', () => undefined);

test('a stream is a connection of its own, both ways', async () => {
  const from = session();
  const [one, other] = [ask(from), ask(from)];
  one.end('first');
  other.end('second');
  const read = async (stream: typeof one): Promise<string> => (await stream.toArray()).join('');
  expect(await Promise.all([read(one), read(other)])).toEqual(['first', 'second']);
});

test('no more are led on than the relay takes, however many are asked for', async () => {
  const from = session();
  for (let count = 0; count < 200; count += 1) ask(from).write('x');
  expect(await waitUntil(() => reached.size >= 64, 5000)).toBe(true);
  const last = ask(from);
  last.write('x');
  await new Promise(resolve => from.ping(resolve));
  expect(reached.size).toBe(64);
  close();
  expect(await waitUntil(() => reached.size === 0, 5000)).toBe(true);
});

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const SETTINGS = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);
const JUNK = Buffer.alloc(1000, 0xff);

test('what is no HTTP/2 closes the descriptor, although the box holds its end', async () => {
  const closed = new Promise(resolve => runnerEnd.once('close', resolve));
  boxEnd.write(JUNK);
  await closed;
});

test.each([
  ['nothing', ''],
  ['HTTP/2 that turns into something else', Buffer.concat([PREFACE, SETTINGS, JUNK])],
])('a box that said %s is seen to end', async (_, bytes) => {
  const script = `process.stderr.write(${JSON.stringify(`${STARTED_LINE}\n`)});
    require('node:fs').writeSync(3, Buffer.from('${Buffer.from(bytes).toString('base64')}', 'base64')); process.exitCode = 7;`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
  const closeTunnel = openTunnel(child.stdio[3] as net.Socket, path.join(dir, 'gateway.sock'));
  if (child.stderr === null) throw new Error('no standard error');
  const stderr = afterLine(child.stderr, STARTED_LINE);
  stderr.rest.resume();
  const box = sandboxProcess({ child, dir, stderr, closeTunnel });
  expect(await box.ended).toEqual({ started: true, exitCode: 7 });
});

test('what is no CONNECT is not led on', async () => {
  const from = session();
  const refused = ask(from, 'GET');
  await once(refused, 'close');
  expect(reached.size).toBe(0);
});
