/** A runner tests its box at its start: if the box fails, it takes no work and reports a fix; without a box it never works. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pino from 'pino';

import { describeBox } from '../../src/box/about-box.ts';
import { processSettings } from '../../src/config/environment.ts';
import { SettingsError } from '../../src/config/settings-error.ts';
import { hostChecks } from '../../src/workers/host-checks.ts';
import { trustedTier, type TierSettings } from '../../src/workers/trusted-tier.ts';
import { bubblewrapTier } from '../box/support/box.ts';

const sound = await bubblewrapTier();

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'broken-box-'));
  await chmod(dir, 0o755);
  await copyFile(sound.bubblewrapPath, path.join(dir, 'real'));
  await chmod(path.join(dir, 'real'), 0o755);
});
afterAll(async () => rm(dir, { recursive: true }));

/** A bubblewrap that gets these options last, so that they take precedence. Uses bash, because dash may keep the script open. */
async function bubblewrapWith(options: string): Promise<string> {
  const file = path.join(dir, `bwrap-${options.replaceAll(/\W+/g, '')}`);
  const script = `#!/bin/bash\nargs="$1 $2"; shift 2\nexec "${dir}/real" $args ${options} "$@"\n`;
  await writeFile(file, script, { mode: 0o755 });
  return file;
}

const SILENT = pino({ enabled: false });
/** The log lines of a runner about its box. */
async function loggedBy(settings: Partial<TierSettings>): Promise<readonly unknown[]> {
  const lines: unknown[] = [];
  const write = (fields: object, msg: string): void => void lines.push({ ...fields, msg });
  await trustedTier({ ...processSettings({}), ...settings }, { info: write, warn: write });
  return lines;
}
const tried = async (settings: Partial<TierSettings>) =>
  trustedTier({ ...processSettings({}), ...settings }, SILENT);

describe('strict (the default)', () => {
  test('a box that passes its self-test is accepted', async () => {
    expect(await tried({})).toEqual(sound);
  });

  test('the log names the box with its guards', async () => {
    expect(await loggedBy({})).toEqual([{ box: describeBox(sound), msg: 'the box passed its self-test' }]);
  });

  test.each([
    ['--share-net', /does not hold against: network, abstract-socket, dns.*: allow network namespaces/],

    ['--setenv HOST_SECRET 1', /environment/],
  ])('a box with %s is refused with the name of the failed probe', async (options, problem) => {
    const SIGNALBOX_BUBBLEWRAP = await bubblewrapWith(options);
    const refused = tried({ SIGNALBOX_BUBBLEWRAP });
    await expect(refused).rejects.toThrow(SettingsError);
    await expect(refused).rejects.toThrow(problem);
  });

  test('positive control: the same program without an extra option is accepted', async () => {
    expect((await tried({ SIGNALBOX_BUBBLEWRAP: await bubblewrapWith('') })).problems).toEqual([]);
  });

  test('a host without any box is refused in both modes', async () => {
    for (const SIGNALBOX_BOX_STRICT of [true, false]) {
      const refused = tried({ SIGNALBOX_BUBBLEWRAP: '/bin/false', SIGNALBOX_BOX_STRICT });
      await expect(refused).rejects.toThrow(/cannot set up the box: .*user\.max_user_namespaces/);
    }
  });
});

test('with SIGNALBOX_BOX_STRICT=false the runner works, and every run names the failed probes', async () => {
  const SIGNALBOX_BUBBLEWRAP = await bubblewrapWith('--share-net');
  const tier = await tried({ SIGNALBOX_BUBBLEWRAP, SIGNALBOX_BOX_STRICT: false });
  expect(describeBox(tier)).toMatch(/^bubblewrap: namespaces.*; does not hold against: network/);
  expect(await loggedBy({ SIGNALBOX_BUBBLEWRAP, SIGNALBOX_BOX_STRICT: false })).toEqual([
    expect.objectContaining({ box: describeBox(tier) }),
  ]);
});

test('doctor reports the same problem', async () => {
  const SIGNALBOX_BUBBLEWRAP = await bubblewrapWith('--share-net');
  const check = (await hostChecks({ SIGNALBOX_BUBBLEWRAP })).find(({ name }) => name === 'box');
  expect(check).toMatchObject({ ok: false, found: expect.stringContaining('network') });
  expect((await hostChecks({})).find(({ name }) => name === 'box')).toMatchObject({ ok: true });
});

test('doctor reports a mount of the command agent that the box’s user cannot read', async () => {
  const closed = path.join(dir, 'closed');
  await mkdir(closed, { mode: process.getuid?.() === 0 ? 0o700 : 0 });
  const readOnlyMounts = [{ from: closed, to: '/opt/agent' }];
  const agent = { command: '/opt/agent/run', readOnlyMounts };
  const check = async () =>
    (await hostChecks({ SIGNALBOX_AGENT_COMMAND: JSON.stringify(agent) })).find(
      ({ name }) => name === 'agent',
    );
  expect(await check()).toMatchObject({
    ok: false,
    found: expect.stringContaining(closed),
    fix: expect.stringContaining('chmod'),
  });
  await chmod(closed, 0o755);
  expect(await check()).toMatchObject({ ok: true });
});

test('the runner’s process exits before it polls for work', async () => {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const args = ['--import', './test/support/typescript.mjs', 'src/workers/main.ts', 'runner'];
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      ...{ SIGNALBOX_DATA_DIR: path.join(dir, 'data'), TEMPORAL_ADDRESS: '127.0.0.1:1' },
      SIGNALBOX_BUBBLEWRAP: await bubblewrapWith('--share-net'),
    },
  });
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit') as Promise<[number]>]);
  expect(code).toBe(2);
  expect(said).toContain('the box does not hold against: network');
});

test('a missing bubblewrap is named with its setting', async () => {
  const nowhere = path.join(dir, 'nowhere');
  const refused = tried({ SIGNALBOX_BUBBLEWRAP: nowhere });
  await expect(refused).rejects.toThrow(`${nowhere} is not executable`);
  await expect(refused).rejects.toThrow('set SIGNALBOX_BUBBLEWRAP');
});

test('the reported cause is the line above the general hint of mount(8)', async () => {
  const file = path.join(dir, 'no-mount');
  const says =
    "echo 'mount: /x: permission denied.' >&2; echo '       dmesg(1) may have more information.' >&2";
  await writeFile(file, `#!/bin/bash\n${says}\nexit 1\n`, { mode: 0o755 });
  await expect(tried({ SIGNALBOX_BUBBLEWRAP: file })).rejects.toThrow('mount: /x: permission denied.');
});
