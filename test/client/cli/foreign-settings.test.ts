/** What an address that only a settings file names really receives: no key of the environment, and nothing at all if the file may be another user's. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import http2 from 'node:http2';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { settingsFileIn, writeSettingsFile } from '../../../src/local/settings-file.ts';
import { cli, type Ran } from './support/cli.ts';

const KEY = 'canary-of-the-person';
const UNAUTHENTICATED = '16';
let server: http2.Http2Server;
let seen: http2.IncomingHttpHeaders[];
const sessions = new Set<http2.ServerHttp2Session>();
let folder = '';
let address = '';

/** As if somebody had a server for keys. */
beforeEach(async () => {
  const received: http2.IncomingHttpHeaders[] = [];
  seen = received;
  server = http2.createServer();
  server.on('session', session => sessions.add(session));
  server.on('stream', (stream, headers) => {
    received.push(headers);
    const answer = { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': UNAUTHENTICATED };
    stream.respond(answer, { endStream: true });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  folder = mkdtempSync(join(tmpdir(), 'foreign-'));
  writeSettingsFile(folder, { command: 'up', values: { TEMPORAL_ADDRESS: address } });
});
afterEach(() => {
  for (const session of sessions) session.destroy();
  sessions.clear();
  server.close();
  rmSync(folder, { recursive: true });
});

async function list(environment: Readonly<Record<string, string>>): Promise<Ran> {
  return await cli(['list'], {
    workingDirectory: folder,
    environment: { TEMPORAL_TLS: 'false', ...environment },
  });
}

test('an address of the file gets a request, but no key of the environment', async () => {
  const ran = await list({ TEMPORAL_API_KEY: KEY });
  expect(seen.length).toBeGreaterThan(0);
  expect(JSON.stringify(seen)).not.toContain(KEY);
  expect(ran.stderr).toMatch(/^not using TEMPORAL_TLS, TEMPORAL_API_KEY: /);
  expect(ran.stderr).not.toContain(KEY);
});

test('positive control: it gets the key when the environment names the address too', async () => {
  await list({ TEMPORAL_API_KEY: KEY, TEMPORAL_ADDRESS: address });
  expect(seen[0]).toMatchObject({ authorization: `Bearer ${KEY}` });
});

test('an address of a file that others can read gets nothing, and the person is told', async () => {
  chmodSync(settingsFileIn(folder), 0o644);
  const ran = await list({});
  expect(seen).toEqual([]);
  expect(ran.stderr).toMatch(/^not using .*settings\.json: it is open to other users\n/);
});
