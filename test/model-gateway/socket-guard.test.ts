/** The gateway is not root, and cannot lead a runner that is to a directory that is not the gateway's own. */
import { once } from 'node:events';
import http from 'node:http';
import { chownSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { modelGatewayClient } from '../../src/model-gateway/client.ts';
import { keepSocketForBox } from '../../src/model-gateway/socket-guard.ts';
import { plenty, testModel } from './support/gateway.ts';
import { describeAsRoot } from '../support/as-root.ts';

const OWN_UID = 60_901;
const BOX_UID = 60_900;
let dir = '';
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'gw-'))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('the socket that a gateway names', () => {
  const registered = async (socketPath: string): Promise<unknown> => {
    const server = http.createServer((_request, response) =>
      response.end(JSON.stringify({ token: 't', socketPath })),
    );
    const control = join(dir, 'control.sock');
    await once(server.listen(control), 'listening');
    try {
      return await modelGatewayClient(control).register({ runId: 'r', model: testModel, limits: plenty });
    } finally {
      server.close();
    }
  };

  test.each([
    '/etc/shadow',
    '../etc/gw.sock',
    'DIR/runs/../../etc/gw.sock',
    'DIR/gw.sock',
    'DIR/runs/a/b/gw.sock',
  ])('%s is refused', async name => {
    await expect(registered(name.replace('DIR', dir))).rejects.toThrow(
      /named a socket outside of its folder/,
    );
  });

  test('is taken if it is one of a run', async () => {
    const socketPath = join(dir, 'runs/abc/gw.sock');
    expect(await registered(socketPath)).toEqual({ token: 't', socketPath });
  });
});

describeAsRoot('as root (needs root)', () => {
  test('a directory of a run that is a link, or of another owner, is left as it is', async () => {
    const victim = join(dir, 'victim');
    mkdirSync(victim, { mode: 0o755 });
    const socketPath = join(dir, 'runs/abc/gw.sock');
    mkdirSync(dirname(socketPath), { recursive: true });
    for (const name of ['runs', 'runs/abc']) chownSync(join(dir, name), OWN_UID, OWN_UID);
    renameSync(dirname(socketPath), join(dir, 'runs/moved'));
    symlinkSync(victim, dirname(socketPath));
    await expect(keepSocketForBox(socketPath, BOX_UID)).rejects.toThrow(/ENOTDIR|ELOOP/);
    rmSync(dirname(socketPath));
    renameSync(victim, dirname(socketPath));
    await expect(keepSocketForBox(socketPath, BOX_UID)).rejects.toThrow(
      /does not belong to the model gateway/,
    );
    expect(statSync(dirname(socketPath))).toMatchObject({ uid: 0, gid: 0 });
    expect(statSync(dirname(socketPath)).mode & 0o777).toBe(0o755);
    // Positive control: the gateway's own directory.
    rmSync(dirname(socketPath), { recursive: true });
    renameSync(join(dir, 'runs/moved'), dirname(socketPath));
    await keepSocketForBox(socketPath, BOX_UID);
    expect(statSync(dirname(socketPath))).toMatchObject({ uid: OWN_UID, gid: BOX_UID });
  });
});
