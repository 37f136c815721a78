/** A gateway started by root runs as its own user, and only the user of a run's box can reach the run's socket. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { chown, mkdir, readFile, stat, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { modelGatewayClient } from '../../src/model-gateway/client.ts';
import { controlSocketPath } from '../../src/model-gateway/config.ts';
import { keepSocketForBox } from '../../src/model-gateway/socket-guard.ts';
import { plenty, post, providerKey, testModel } from './support/gateway.ts';
import { stageGatewayProcesses, type GatewayProcesses } from './support/process.ts';
import { describeAsRoot } from '../support/as-root.ts';

const OWN_UID = 60_901;
const BOX_UID = 60_900;
const STRANGER_UID = 60_902;
const run = promisify(execFile);

let stage: GatewayProcesses;
beforeEach(async () => {
  stage = await stageGatewayProcesses();
});
afterEach(() => stage.end());

/** The result that another user of the host gets: `yes`, or the error code. */
async function resultAs(uid: number, script: string): Promise<string> {
  const drop = ['--reuid', String(uid), '--regid', String(uid), '--clear-groups', '--'];
  const { stdout } = await run('setpriv', [...drop, process.execPath, '-e', script]);
  return stdout.trim();
}
const connecting = (path: string): string =>
  `require('net').connect(${JSON.stringify(path)}).on('connect', () => { console.log('yes'); process.exit() }).on('error', e => console.log(e.code))`;
const reading = (path: string): string =>
  `try { require('fs').readFileSync(${JSON.stringify(path)}); console.log('yes') } catch (e) { console.log(e.code) }`;

async function statusOf(pid: number | undefined): Promise<Readonly<Record<string, string>>> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8');
  return Object.fromEntries(
    text.split('\n').map(line => {
      const [name = '', value = ''] = line.split(/:\s*/, 2);
      return [name, value] as const;
    }),
  );
}

describeAsRoot('as root (needs root)', () => {
  test('the gateway runs as its own user without capabilities, and only it can access its files', async () => {
    const { child } = await stage.start();
    const status = await statusOf(child.pid);
    expect(status['Uid']?.split('\t')).toEqual(Array(4).fill(String(OWN_UID)));
    expect(status['Gid']?.split('\t')).toEqual(Array(4).fill(String(OWN_UID)));
    expect(status['Groups']?.trim()).toBe('');
    expect(status['CapEff']).toMatch(/^0+$/);
    const gw = join(stage.dir, 'gw');
    for (const name of ['state.json', 'control.sock']) {
      expect(await stat(join(gw, name))).toMatchObject({ uid: OWN_UID });
    }
    expect(await resultAs(BOX_UID, connecting(join(gw, 'control.sock')))).toBe('EACCES');
    expect(await resultAs(BOX_UID, reading(join(gw, 'state.json')))).toBe('EACCES');
    // Only root can read its memory and environment, not even a process with its user id.
    expect(await resultAs(OWN_UID, reading(`/proc/${child.pid}/environ`))).toBe('EACCES');
    // Positive control: its own user can access what others cannot.
    expect(await resultAs(OWN_UID, connecting(join(gw, 'control.sock')))).toBe('yes');
    expect(await resultAs(OWN_UID, reading(join(gw, 'state.json')))).toBe('yes');
  });

  test('the gateway reads the key before it switches users, so a key file that only root can read is enough', async () => {
    await stage.start();
    const client = modelGatewayClient(controlSocketPath(join(stage.dir, 'gw')));
    expect((await post(await client.register({ runId: 'r', model: testModel, limits: plenty }))).status).toBe(
      200,
    );
    expect(stage.model.requests[0]?.headers['authorization']).toBe(`Bearer ${providerKey}`);
    expect(await resultAs(OWN_UID, reading(join(stage.dir, 'key')))).toBe('EACCES');
  });

  test('only the user of the box reaches the socket of a run, even after the gateway was killed', async () => {
    const { child } = await stage.start();
    const client = modelGatewayClient(controlSocketPath(join(stage.dir, 'gw')));
    const { socketPath } = await client.register({ runId: 'r', model: testModel, limits: plenty });
    // Positive control: before the runner restricts the socket, every user can connect.
    expect(await resultAs(STRANGER_UID, connecting(socketPath))).toBe('yes');
    await keepSocketForBox(socketPath, BOX_UID);
    expect(await resultAs(STRANGER_UID, connecting(socketPath))).toBe('EACCES');
    expect(await resultAs(BOX_UID, connecting(socketPath))).toBe('yes');
    expect(
      await resultAs(
        BOX_UID,
        `try { require('fs').rmSync(${JSON.stringify(socketPath)}); console.log('yes') } catch (e) { console.log(e.code) }`,
      ),
    ).toBe('EACCES');
    await stage.kill(child);
    await stage.start();
    expect(await resultAs(STRANGER_UID, connecting(socketPath))).toBe('EACCES');
    expect(await resultAs(BOX_UID, connecting(socketPath))).toBe('yes');
    expect((await stat(dirname(socketPath))).mode & 0o777).toBe(0o710);
  });

  test('a directory that another user owns or can write is refused', async () => {
    const [theirs, link] = [join(stage.dir, 'theirs'), join(stage.dir, 'link')];
    await mkdir(theirs);
    await chown(theirs, STRANGER_UID, STRANGER_UID);
    await symlink('/etc', link);
    for (const dir of [theirs, link]) {
      const { child, said } = await stage.start({ SIGNALBOX_MODEL_GATEWAY_DIR: dir });
      expect(said).toContain('must be a directory that this user owns');
      expect(child.exitCode).toBe(2);
    }
    await chown(theirs, 0, 0);
    expect((await stage.start({ SIGNALBOX_MODEL_GATEWAY_DIR: theirs })).said).toContain('is listening');
  });

  test('a directory that the gateway’s user cannot access is refused with a fix', async () => {
    await mkdir(join(stage.dir, 'closed'), { mode: 0o700 });
    const { said } = await stage.start({ SIGNALBOX_MODEL_GATEWAY_DIR: join(stage.dir, 'closed/gw') });
    expect(said).toContain('choose a directory whose parents allow search');
  });
});

test('the box of an ordinary user reaches the gateway as that user', async () => {
  await stage.start({ SIGNALBOX_MODEL_GATEWAY_UID: String(process.getuid?.() === 0 ? OWN_UID : 1) });
  const client = modelGatewayClient(controlSocketPath(join(stage.dir, 'gw')));
  const { socketPath } = await client.register({ runId: 'r', model: testModel, limits: plenty });
  await keepSocketForBox(socketPath, undefined);
  expect((await post({ socketPath, token: 'wrong' })).status).toBe(401);
});
