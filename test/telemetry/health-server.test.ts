/** The port for operators over real HTTP, and the health check of a container that asks it. */
import { execFile } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openSignals, type Signals } from '../../src/telemetry/signals.ts';
import { until } from '../support/until.ts';

let signals: Signals;
let url: string;
let port: number;
const sockets: Socket[] = [];

beforeEach(async () => {
  const listen = { host: '127.0.0.1', port: 0 };
  signals = await openSignals({ process: 'scheduler', version: '0.0.0', listen });
  url = signals.url ?? '';
  port = Number(new URL(url).port);
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await signals.close();
});

async function health(): Promise<readonly [number, string]> {
  const response = await fetch(`${url}/healthz`);
  return [response.status, await response.text()];
}

interface Checked {
  readonly code: number | null;
  readonly stderr: string;
}

function healthCheck(listen: string): Promise<Checked> {
  const program = fileURLToPath(new URL('../../bin/healthcheck.js', import.meta.url));
  return new Promise(resolve => {
    const env = { SIGNALBOX_HEALTH_LISTEN: listen };
    const child = execFile(process.execPath, [program], { env }, (_error, _stdout, stderr) =>
      resolve({ code: child.exitCode, stderr }),
    );
  });
}

test('a process is not healthy until it is ready, and then as long as every part works', async () => {
  expect(await health()).toEqual([503, 'scheduler: it is starting\n']);
  signals.ready();
  expect(await health()).toEqual([200, 'ok\n']);
  signals.health.watch('temporal', () => 'does not answer at 127.0.0.1:7233');
  signals.health.watch('store', () => 'denies access');
  expect(await health()).toEqual([
    503,
    'temporal: does not answer at 127.0.0.1:7233\nstore: denies access\n',
  ]);
});

test('the metrics of the process come together with included ones; a part that fails is left out', async () => {
  signals.include(() => Promise.resolve('temporal_worker_start_total 1\n'));
  signals.include(() => Promise.reject(new Error('no answer')));
  const response = await fetch(`${url}/metrics`);
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  const text = await response.text();
  expect(text).toContain('signalbox_build_info{process="scheduler",version="0.0.0"} 1\n');
  expect(text).toContain('temporal_worker_start_total 1\n');
});

test.each([
  ['GET', '/', 404],
  ['GET', '/metrics/more', 404],
  ['POST', '/healthz', 405],
  ['DELETE', '/metrics', 405],
])('%s %s is answered with %i', async (method, path, status) => {
  expect((await fetch(`${url}${path}`, { method })).status).toBe(status);
});

test('connections that send nothing cannot keep others out', async () => {
  for (let n = 0; n < 60; n += 1) sockets.push(connect(port, '127.0.0.1').on('error', () => undefined));
  await until('the oldest made room', () => (sockets[0]?.destroyed === true ? true : undefined));
  signals.ready();
  expect(await health()).toEqual([200, 'ok\n']);
});

test('an address in use is an error of the socket', async () => {
  const taken = openSignals({ process: 'x', version: '0', listen: { host: '127.0.0.1', port } });
  await expect(taken).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

test('the health check of a container exits by the health, and prints the cause', async () => {
  const red = await healthCheck(`0.0.0.0:${port}`);
  expect(red).toEqual({ code: 1, stderr: 'scheduler: it is starting\n' });
  signals.ready();
  expect(await healthCheck(`0.0.0.0:${port}`)).toEqual({ code: 0, stderr: '' });
  await signals.close();
  const gone = await healthCheck(`0.0.0.0:${port}`);
  expect(gone).toEqual({ code: 1, stderr: expect.stringContaining(`does not answer on port ${port}`) });
});

test('a health check without the setting names it', async () => {
  const { code, stderr } = await healthCheck('');
  expect([code, stderr]).toEqual([1, expect.stringContaining('SIGNALBOX_HEALTH_LISTEN')]);
});
