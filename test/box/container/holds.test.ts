/** The guards of the container box on real engines. For each denial, a positive control without the guard. */
import { execFileSync } from 'node:child_process';
import { chown, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { callEngine } from '../../../src/box/container/engine.ts';
import { openTargets, type ProbeTargets } from '../../../src/box/probe-targets.ts';
import { callProbes } from '../../../src/box/seccomp/call-probes.ts';
import { failedProbes, probeSpec, selfTest } from '../../../src/box/self-test.ts';
import { describeBox } from '../../../src/box/about-box.ts';
import type { ContainerTier } from '../../../src/box/container/tier.ts';
import { detectTier } from '../../../src/box/detect.ts';
import { waitUntil } from '../../../src/host/wait.ts';
import { containersOf, IMAGE, inContainers, marker, ownDirs } from '../support/container-stage.ts';
import { makeImage, removeImage } from '../support/engines.ts';
import { processesWith } from '../support/processes.ts';
import { instead, runUnguardedContainer } from '../support/unguarded-container.ts';

inContainers('the guards hold', stage => {
  const { engine } = stage;
  const { name, environment } = engine;

  test('the tier names engine, version, image and gaps', () => {
    expect(describeBox(stage.tier())).toMatch(
      new RegExp(`^container \\(${name} \\d+\\.\\S+(, rootless)?, image sha256:[0-9a-f]{64}\\): namespaces`),
    );
    expect(stage.tier().gaps.map(gap => gap.name)).toEqual([
      'first-process',
      ...(name === 'docker' ? ['host-key-counts'] : []),
      'overlays',
    ]);
  });

  describe('the self-test', () => {
    test('denies every probe that is not a gap of the tier', async () => {
      const results = await selfTest(stage.tier());
      expect(failedProbes(results)).toEqual([]);
      const known = results.filter(({ denied }) => !denied).map(({ probe }) => probe);
      for (const probe of known) expect(stage.tier().gaps.map(gap => gap.name)).toContain(probe);
      expect(results.length).toBeGreaterThan(50);
    });

    let targets: ProbeTargets;
    beforeEach(async () => {
      targets = await openTargets(stage.tier());
    });
    afterEach(async () => targets.close());

    const first = (option: string, ...words: string[]) => instead([option], [...words, option]);
    const calls = callProbes(process.arch === 'arm64' ? 'arm64' : 'x64').map(
      probe => `system-call ${probe.name}`,
    );
    test.each<[string, (args: readonly string[]) => readonly string[], readonly string[]]>([
      [
        'the network',
        instead(['--network', 'none'], ['--network', 'host']),
        ['network', 'abstract-socket', 'dns'],
      ],
      [
        'the process namespace',
        args => instead(['--init'], [])(first('--network', '--pid', 'host')(args)),
        ['host-processes'],
      ],
      [
        'the mounts',
        args => first('--mount', '--volume', `${targets.hostFile}:${targets.hostFile}:ro`)(args),
        ['host-files', 'symlink-out'],
      ],
      [
        'the hidden homes',
        args =>
          first(
            '--mount',
            '--volume',
            `${targets.credentials[0] ?? ''}:/root/x:ro`,
            '--volume',
            `${targets.credentials[0] ?? ''}:${targets.credentials[0] ?? ''}:ro`,
          )(args),
        ['credentials'],
      ],
      ['the dropped capabilities', instead(['--cap-drop', 'ALL'], []), ['privileges']],
      [
        'the read-only root, as a user with write permission',
        args =>
          instead(
            ['--read-only'],
            [],
          )(instead(['--cap-drop', 'ALL'], [])(instead(['--user'], ['--user', '0:0', '--label'])(args))),
        ['write-outside'],
      ],
      [
        'the read-only .git',
        args => args.map(word => (word.includes('target=/ws/.git') ? word.replace(',readonly', '') : word)),
        ['write-git'],
      ],
      ['the cleared environment', args => instead(['-i', '/bin/sh'], ['/bin/sh'])(args), ['environment']],
      [
        'the system-call filter',
        args => args.map(word => (word.startsWith('seccomp=') ? 'seccomp=unconfined' : word)),
        ['system-call-filter', 'new-namespaces', ...calls],
      ],
    ])('fails without %s', async (_, edit, expected) => {
      const output = await runUnguardedContainer(probeSpec(stage.tier(), targets), stage.tier(), edit);
      const results = JSON.parse(output) as Record<string, string>;
      expect(expected.filter(probe => results[probe] === '')).toEqual([]);
    });

    test('fails if the engine sees other files than the runner', async () => {
      const tier = stage.tier();
      const elsewhere = {
        ...tier,
        engine: { ...tier.engine, path: await engineElsewhere(tier, stage.dir()) },
      };
      const results = failedProbes(await selfTest(elsewhere));
      expect(results).toMatchObject([
        { probe: 'own-uid', detail: expect.stringContaining('another workspace') },
      ]);
    });
  });

  test('the run’s token is only in the command’s environment, not in an argument, a file or a record of the engine', async () => {
    const secret = `secret-${marker}`;
    const running = stage.run(`echo here; sleep ${marker}`, {
      env: { PATH: '/usr/bin:/bin', GW_KEY: secret },
      limits: { wallClockMs: 6000 },
    });
    expect(await waitUntil(async () => (await processesWith(marker)).length > 0, 5000)).toBe(true);
    const [sleeper = 0] = await processesWith(marker);
    expect(await readFile(`/proc/${sleeper}/environ`, 'utf8')).toContain(`GW_KEY=${secret}`);
    const containers = await containersOf(engine);
    expect(containers).toHaveLength(1);
    expect((await callEngine(engine, ['container', 'inspect', ...containers])).stdout).not.toContain(secret);
    expect(await commandLines()).not.toContain(secret);
    expect(await commandLines()).toContain(marker);
    const dirs = await ownDirs();
    expect(dirs).toHaveLength(1);
    const files = execFileSync('grep', ['-rlc', '-e', 'agent:x', '-e', secret, ...dirs], {
      encoding: 'utf8',
    });
    expect(files.trim().split('\n').length).toBeGreaterThan(0);
    expect(
      execFileSync('sh', ['-c', 'grep -rl -e "$1" "$2" || true', 'find', secret, ...dirs], {
        encoding: 'utf8',
      }),
    ).toBe('');
    expect((await running).ending).toBe('wall-clock');
  });

  test('a spec with overlays is refused', async () => {
    const run = await stage.run('true', { overlays: [{ from: stage.dir(), to: '/ws/node_modules' }] });
    expect(run).toMatchObject({ ending: 'could-not-start', problem: expect.stringContaining('overlays') });
  });

  test.each([
    ['that is missing', undefined, `${name} has no image`],
    ['with volumes', { changes: ['VOLUME /data'] }, 'declares volumes'],
    ['without git', { without: ['git'] }, 'git'],
  ])('an image %s is refused', async (_, contents, problem) => {
    const image = `${IMAGE}-other`;
    if (contents !== undefined) await makeImage(engine, image, contents);
    try {
      const none = await detectTier({ box: 'container', image, engine: name, environment });
      expect(none.name).toBe('none');
      expect(none.problems[0]?.what).toContain(problem);
    } finally {
      await removeImage(engine, image);
    }
  });
});

/** A fake engine that mounts another directory as workspace, like an engine in a different mount namespace. */
async function engineElsewhere({ engine, boxUid }: ContainerTier, dir: string): Promise<string> {
  const other = path.join(dir, 'other');
  await mkdir(path.join(other, '.git'), { recursive: true });
  if (boxUid !== undefined) await chown(other, boxUid, boxUid);
  const file = path.join(dir, 'engine');
  const script = `#!/bin/bash
words=()
for word in "$@"; do
  case "$word" in type=bind,source=*,target=/ws) word="type=bind,source=${other},target=/ws";; esac
  words+=("$word")
done
exec "${engine.path}" "\${words[@]}"
`;
  await writeFile(file, script, { mode: 0o755 });
  return file;
}

/** The command lines of all processes on this host. */
async function commandLines(): Promise<string> {
  const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name));
  const lines = await Promise.all(pids.map(pid => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return lines.join('\n');
}
