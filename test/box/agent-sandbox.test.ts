/**
 * Why the agent's own sandbox is no tier (docs/adr/0021), asked of the real Codex: should one of these fail with a newer
 * Codex, a reason has gone and the decision can be looked at again.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { findCodex } from '../../src/agents/codex/binary.ts';
import { waitUntil } from '../../src/box/wait.ts';
import { tier } from './support/box.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'agent-sandbox-'));
  for (const name of ['ws', 'home', 'tmp', 'host']) await mkdir(path.join(dir, name));
  await writeFile(path.join(dir, 'host/key'), 'a key of the host');
});
afterEach(async () => rm(dir, { recursive: true }));

interface Options {
  readonly network?: boolean;
  readonly codexOptions?: readonly string[];
  /** Of bubblewrap, for a host that gives less. */
  readonly host?: readonly string[];
}

/** The mode for agents, as tight as it gets: of all the host, only the workspace can be written. */
function start(command: readonly string[], options: Options = {}) {
  const { network = false, codexOptions = [], host } = options;
  const settings = ['exclude_slash_tmp=true', 'exclude_tmpdir_env_var=true', `network_access=${network}`];
  const sandbox = [
    ...[findCodex()?.hostPath ?? '', 'sandbox', ...codexOptions, '-c', 'sandbox_mode="workspace-write"'],
    ...settings.flatMap(setting => ['-c', `sandbox_workspace_write.${setting}`]),
    ...['--', ...command],
  ];
  const around = [tier.bubblewrapPath, '--dev-bind', '/', '/', '--unshare-user'];
  const [file = '', ...args] = host === undefined ? sandbox : [...around, ...host, '--', ...sandbox];
  const env = {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    CODEX_HOME: path.join(dir, 'home'),
    TMPDIR: path.join(dir, 'tmp'),
  };
  return spawn(file, args, { cwd: path.join(dir, 'ws'), env, stdio: ['ignore', 'pipe', 'pipe'] });
}

async function run(command: readonly string[], options: Options = {}) {
  const child = start(command, options);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number]>,
  ]);
  return { code, stdout, stderr };
}

describe('it needs of a host what bubblewrap needs', () => {
  test.each([
    ['by itself', []],
    ['by its older way', ['--enable', 'use_legacy_landlock']],
  ])('without user namespaces nothing runs %s', async (_, codexOptions) => {
    const refused = await run(['sh', '-c', 'echo ran'], { codexOptions, host: ['--disable-userns'] });
    expect(refused).toMatchObject({ stdout: '', stderr: expect.stringMatching(/bubblewrap|bwrap/) });
    expect(refused.code).not.toBe(0);
  });

  test('with them it runs and tells the exit code', async () => {
    expect(await run(['sh', '-c', 'echo ran; exit 7'], { host: [] })).toMatchObject({
      code: 7,
      stdout: 'ran\n',
    });
  });
});

test('as agents use it, it holds what a command writes, not what it reads', async () => {
  const script = 'cat ../host/key; echo mine > mine; echo spoilt > ../host/key';
  expect(await run(['sh', '-c', script])).toMatchObject({
    stdout: 'a key of the host',
    stderr: expect.stringContaining('Read-only file system'),
  });
  expect(await readFile(path.join(dir, 'host/key'), 'utf8')).toBe('a key of the host');
  expect(await readFile(path.join(dir, 'ws/mine'), 'utf8')).toBe('mine\n');
});

describe('as agents use it, its network is all or nothing', () => {
  const ASK = `const net = require('node:net');
for (const target of process.argv.slice(1))
  net.connect(target).on('connect', function () { require('node:fs').writeSync(2, 'reached\\n'); this.destroy(); })
    .on('error', error => require('node:fs').writeSync(2, error.code + '\\n'));`;

  test.each([
    ['without it not even the model’s socket can be reached', false, 'EPERM\nEPERM\n'],
    ['with it every service of the host can be reached', true, 'reached\nreached\n'],
  ])('%s', async (_, network, answers) => {
    const close = (socket: net.Socket): unknown => socket.end();
    const model = net.createServer(close).listen(path.join(dir, 'gw.sock'));
    const service = net.createServer(close).listen(0, '127.0.0.1');
    await Promise.all([model, service].map(server => once(server, 'listening')));
    const { port } = service.address() as AddressInfo;
    const targets = [path.join(dir, 'gw.sock'), String(port)];
    const { stderr } = await run([process.execPath, '-e', ASK, ...targets], { network });
    model.close();
    service.close();
    expect(stderr).toBe(answers);
  });

  test.each([
    ['without it a Node program writes to a pipe of Node’s, and all is lost at exit code 0', false, ''],
    ['with it that is read', true, 'a change'],
  ])('%s', async (_, network, stdout) => {
    const told = await run([process.execPath, '-e', 'process.stdout.write("a change")'], { network });
    expect(told).toMatchObject({ code: 0, stdout });
  });
});

test('who kills it leaves its commands running', async () => {
  // In the end they end by themselves, whatever becomes of this test.
  const script =
    ': > up; n=0; until [ -e go ] || [ $n -gt 200 ]; do n=$((n + 1)); sleep 0.1; done; : > survived';
  const child = start(['sh', '-c', script]);
  child.stdout.resume();
  child.stderr.resume();
  const inWorkspace = (name: string): string => path.join(dir, 'ws', name);
  const isThere = async (name: string): Promise<boolean> =>
    access(inWorkspace(name)).then(
      () => true,
      () => false,
    );
  expect(await waitUntil(async () => isThere('up'), 20_000)).toBe(true);
  const [died, wentSilent] = [once(child, 'exit'), once(child, 'close')];
  child.kill('SIGKILL');
  await died;
  await writeFile(inWorkspace('go'), '');
  // Whoever lives has its output open, and closes it only when it ends.
  await wentSilent;
  expect(await isThere('survived')).toBe(true);
});
