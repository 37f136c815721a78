/** What the agent's own sandbox holds against as a box, by the real Codex; each denial with the same probe where one guard is missing. */
import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';

import { afterEach, beforeEach, expect, test } from '@jest/globals';
import pino from 'pino';

import { openTargets, type ProbeTargets } from '../../../src/box/probe-targets.ts';
import { failedProbes, probeSpec, selfTest } from '../../../src/box/self-test.ts';
import { defaultLimits } from '../../../src/box/spec.ts';
import { describeBox, detectTier } from '../../../src/box/tier.ts';
import { waitUntil } from '../../../src/host/wait.ts';
import { processSettings } from '../../../src/config/environment.ts';
import { trustedTier } from '../../../src/workers/trusted-tier.ts';
import { processesWith } from '../support/processes.ts';
import {
  inSandboxes,
  marker,
  ownDirs,
  runUnguardedSandbox,
  type SandboxEdit,
} from '../support/sandbox-stage.ts';

test('for root it is no box, and says what to do', async () => {
  if (process.getuid?.() !== 0) return;
  expect(await detectTier({ box: 'agent-sandbox' })).toMatchObject({
    name: 'none',
    problems: [
      { what: expect.stringContaining('no box for root'), mend: expect.stringContaining('ordinary user') },
    ],
  });
});

inSandboxes('a box holds', stage => {
  test('the tier names Codex, its version and what it does not give', () => {
    expect(describeBox(stage.tier())).toMatch(
      /^agent-sandbox \(codex \d+\.\d+\.\d+\): namespaces, no-network, .*; not given: overlays$/,
    );
  });

  test('against all but system calls and writes to its own root', async () => {
    const failed = failedProbes(await selfTest(stage.tier())).map(({ probe }) => probe);
    expect(failed.filter(probe => !probe.startsWith('system-call '))).toEqual(['write-outside']);
  });

  const settings = { ...processSettings({}), SIGNALBOX_BOX: 'agent-sandbox' } as const;
  const logger = pino({ enabled: false });

  test('too little for a strict runner, who is told what gets through and what to choose', async () => {
    const refused = trustedTier(settings, logger);
    await expect(refused).rejects.toThrow(
      /does not hold against: write-outside, .* and \d+ more; leave SIGNALBOX_BOX/,
    );
  });

  test('enough for one who says so, and every record tells', async () => {
    const tier = await trustedTier({ ...settings, SIGNALBOX_BOX_STRICT: false }, logger);
    expect(describeBox(tier)).toMatch(/^agent-sandbox .*; does not hold against: write-outside/);
  });

  let targets: ProbeTargets;
  beforeEach(async () => void (targets = await openTargets(stage.tier())));
  afterEach(async () => targets.close());

  const readable = (place: () => string) => (text: string) =>
    text.replace('":minimal" = "read"', `":minimal" = "read"\n${JSON.stringify(place())} = "read"`);
  test.each<[string, SandboxEdit, readonly string[]]>([
    [
      'the profile of the network',
      { profile: text => text.replaceAll(/network_proxy = true/g, 'network_proxy = false') },
      ['network', 'abstract-socket', 'dns'],
    ],
    [
      'the list of what can be read',
      { profile: text => readable(() => targets.hostFile)(text) },
      ['host-files', 'symlink-out'],
    ],
    [
      'the closed homes',
      { profile: text => readable(() => targets.credentials[0] ?? '')(text) },
      ['credentials'],
    ],
    [
      'the read-only .git',
      { profile: text => text.replace(/(\.git" = )"read"/, '$1"write"') },
      ['write-git'],
    ],
    [
      'a user namespace of the command’s own',
      {
        words: words => words.toSpliced(words.findIndex(word => word.includes('max_user_namespaces')) - 2, 4),
      },
      ['first-process', 'new-namespaces'],
    ],
    ['the cleared environment', { words: words => words.filter(word => word !== '-i') }, ['environment']],
  ])('and reaches more without %s', async (_, edit, expected) => {
    const output = await runUnguardedSandbox(probeSpec(stage.tier(), targets), stage.tier(), edit);
    const results = JSON.parse(output) as Record<string, string>;
    expect(expected.filter(probe => results[probe] === '')).toEqual([]);
  });

  test('Codex’s own proxy shut: the box finds it, and it leads nowhere', async () => {
    // Listeners of the box's own network, by the kernel's list; one of them speaks SOCKS and answers nothing to this.
    const ask = `const listeners = require('node:fs').readFileSync('/proc/net/tcp', 'utf8').matchAll(/0100007F:(\\w+) \\w+:\\w+ 0A/g);
      const host = '127.0.0.1:${targets.hostPort}', path = 'http://' + host + '/';
      for (const [, port] of listeners)
        require('node:http').get({ host: '127.0.0.1', port: parseInt(port, 16), path, headers: { host } }, answer => process.exit(console.log(answer.statusCode)))
          .on('error', () => undefined);`;
    const spec = {
      ...{ command: 'node', args: ['-e', ask], env: { PATH: '/usr/local/bin:/usr/bin:/bin' }, stdin: '' },
      ...{ readOnlyMounts: [], limits: defaultLimits, workspaceDir: stage.workspace().dir },
    };
    const open = (text: string): string =>
      text.replace(
        /^enabled = true$/m,
        'enabled = true\ndomains = { "127.0.0.1" = "allow" }\nallow_local_binding = true',
      );
    expect(await runUnguardedSandbox(spec, stage.tier(), {})).toBe('403\n');
    // The target closes without an answer: it was reached.
    expect(await runUnguardedSandbox(spec, stage.tier(), { profile: open })).toBe('502\n');
  });

  test('the run’s token in the command’s environment, out of every argument and file', async () => {
    const secret = `secret-${marker}`;
    const running = stage.run(`echo here; sleep ${marker}`, {
      env: { PATH: '/usr/bin:/bin', GW_KEY: secret },
      limits: { wallClockMs: 4000 },
    });
    expect(await waitUntil(async () => (await processesWith(marker)).length > 0, 5000)).toBe(true);
    const [sleeper = 0] = await processesWith(marker);
    expect(await readFile(`/proc/${sleeper}/environ`, 'utf8')).toContain(`GW_KEY=${secret}`);
    const lines = execFileSync('ps', ['-eww', '-o', 'args'], { encoding: 'utf8' });
    expect(lines).toContain(marker);
    expect(lines).not.toContain(secret);
    const dirs = await ownDirs();
    expect(dirs).toHaveLength(1);
    const holds = (word: string): string =>
      execFileSync('sh', ['-c', 'grep -rl -e "$1" "$2" || true', 'find', word, ...dirs], {
        encoding: 'utf8',
      });
    expect(holds('network_proxy')).not.toBe('');
    expect(holds(secret)).toBe('');
    expect((await running).ending).toBe('wall-clock');
  });

  test('no overlays: they are refused, not left out', async () => {
    const run = await stage.run('true', { overlays: [{ from: tmpdir(), to: '/ws/node_modules' }] });
    expect(run).toMatchObject({ ending: 'could-not-start', stderrTail: expect.stringContaining('overlays') });
  });
});
