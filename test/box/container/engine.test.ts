/** Reads the answers of container engines (recorded from real ones) and derives facts, tiers and problems from them. */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { afterLine } from '../../../src/box/container/after-line.ts';
import { engineFacts } from '../../../src/box/container/engine.ts';
import { describeBox } from '../../../src/box/about-box.ts';
import { detectTier } from '../../../src/box/detect.ts';

const docker = {
  ...{ ServerVersion: '20.10.24', MemoryLimit: true, SwapLimit: false, PidsLimit: true },
  SecurityOptions: ['name=seccomp,profile=default'],
};
const podman = {
  host: {
    ...{ cgroupVersion: 'v1', cgroupControllers: ['cpu', 'memory', 'pids'] },
    security: { rootless: false, seccompEnabled: true },
  },
  version: { Version: '4.3.1' },
};
const json = JSON.stringify;

describe('an engine', () => {
  test('reports version and capabilities in its answer', () => {
    const capabilities = { rootless: false, bounds: true, seccomp: true };
    expect(engineFacts('docker', json(docker))).toEqual({ version: '20.10.24', ...capabilities });
    expect(engineFacts('podman', json(podman))).toEqual({ version: '4.3.1', ...capabilities });
  });

  test.each<[string, ['docker' | 'podman', object], object]>([
    ['a limit on memory', ['docker', { ...docker, MemoryLimit: false }], { bounds: false }],
    ['a limit on processes', ['docker', { ...docker, PidsLimit: false }], { bounds: false }],
    ['seccomp filters', ['docker', { ...docker, SecurityOptions: ['name=cgroupns'] }], { seccomp: false }],
    [
      'a limit on processes',
      ['podman', { ...podman, host: { ...podman.host, cgroupControllers: ['memory'] } }],
      { bounds: false },
    ],
    [
      'limits for rootless containers',
      ['podman', { ...podman, host: { ...podman.host, security: { rootless: true, seccompEnabled: true } } }],
      { bounds: false, rootless: true },
    ],
  ])('without %s is recognised', (_, [name, info], facts) => {
    expect(engineFacts(name, json(info))).toMatchObject(facts);
  });
});

describe('detection of a container box reports the problem and the fix:', () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'engines-'));
  });
  afterAll(async () => rm(dir, { recursive: true }));

  /** Detects a tier with a fake engine that answers with these branches of a `case`, by subcommand. */
  async function engineThat(answers: string) {
    const file = path.join(dir, 'docker');
    await writeFile(file, `#!/bin/sh\ncase "$1" in\n${answers}\ncontainer) exit 1;;\nesac\n`);
    await chmod(file, 0o755);
    return detectTier({
      box: 'container',
      image: 'box:1',
      environment: { PATH: `${dir}:/usr/bin:/bin` },
      engine: 'docker',
    });
  }

  const info = `info) echo '${json(docker)}';;`;
  const image = (config: object) => `image) echo '${json([{ Id: 'sha256:12', Config: config }])}';;`;

  test.each<[string, string, { readonly what: string; readonly fix: string }]>([
    [
      'the engine does not answer',
      'info) echo Cannot connect >&2; exit 1;;',
      { what: 'docker does not answer: Cannot connect', fix: 'start docker' },
    ],
    [
      'it cannot limit processes',
      `info) echo '${json({ ...docker, PidsLimit: false })}';;`,
      { what: 'cannot limit', fix: 'controllers' },
    ],
    [
      'the image is missing',
      `${info}\nimage) exit 1;;`,
      { what: 'docker has no image box:1', fix: 'SIGNALBOX_BOX_IMAGE' },
    ],
    [
      'the image declares volumes',
      `${info}\n${image({ Volumes: { '/data': {} } })}`,
      { what: 'declares volumes', fix: 'without VOLUME' },
    ],
    [
      'the init is missing',
      `${info}\n${image({})}\nrun) echo 'exec: "docker-init": executable file not found in $PATH' >&2; exit 125;;`,
      { what: 'cannot start from box:1', fix: 'tini' },
    ],
    [
      'the image has no git',
      `${info}\n${image({})}\nrun) echo 'signalbox: the box has started' >&2; echo git: not found >&2; exit 127;;`,
      { what: 'git: not found', fix: 'an image that has /bin/sh' },
    ],
  ])('%s', async (_, answers, { what, fix }) => {
    const tier = await engineThat(answers);
    expect(tier).toMatchObject({ name: 'none', guards: [] });
    expect(tier.problems[0]?.what).toContain(what);
    expect(tier.problems[0]?.fix).toContain(fix);
  });

  test('no engine is installed', async () => {
    const tier = await detectTier({ box: 'container', image: 'box:1', environment: { PATH: '/nowhere' } });
    expect(tier.problems[0]?.what).toBe('cannot find docker, cannot find podman');
  });

  test('positive control: a fit engine makes a tier that names version and image', async () => {
    const startedLine = 'signalbox: the box has started';
    const tier = await engineThat(
      `${info}\n${image({})}\nrun) echo '${startedLine}' >&2; printf '/usr/bin/node\\n/bin/bash\\n';;`,
    );
    expect(tier).toMatchObject({ name: 'container', image: { node: '/usr/bin/node', shell: '/bin/bash' } });
    expect(describeBox(tier)).toMatch(
      /^container \(docker 20\.10\.24, image sha256:12\): namespaces, no-network/,
    );
    expect(describeBox(tier)).toContain('; not given: first-process, host-key-counts, overlays');
  });
});

describe('standard error', () => {
  const split = async (...chunks: string[]) => {
    const source = new PassThrough();
    const after = afterLine(source, 'MARK');
    const rest = text(after.rest);
    for (const chunk of chunks) source.write(chunk);
    source.end();
    return { rest: await rest, before: after.before(), started: after.hasStarted() };
  };

  test('belongs to the command after the marker line, however it is split into chunks', async () => {
    const expected = { rest: 'said\nMARK\n', before: 'a warning\n', started: true };
    expect(await split('a warning\nMARK\nsaid\nMARK\n')).toEqual(expected);
    expect(await split('a warn', 'ing\nMA', 'RK', '\nsaid\n', 'MARK\n')).toEqual(expected);
  });

  test('belongs to the engine without the marker line', async () => {
    expect(await split('no such ', 'image\n')).toEqual({
      rest: '',
      before: 'no such image\n',
      started: false,
    });
  });
});
