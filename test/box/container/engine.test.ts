/** What engines say of themselves, as they really said it, and what is made of it. */
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
const said = JSON.stringify;

describe('an engine', () => {
  test('is known by its answer', () => {
    const whole = { rootless: false, bounds: true, seccomp: true };
    expect(engineFacts('docker', said(docker))).toEqual({ version: '20.10.24', ...whole });
    expect(engineFacts('podman', said(podman))).toEqual({ version: '4.3.1', ...whole });
  });

  test.each<[string, ['docker' | 'podman', object], object]>([
    ['memory', ['docker', { ...docker, MemoryLimit: false }], { bounds: false }],
    ['processes', ['docker', { ...docker, PidsLimit: false }], { bounds: false }],
    ['filters', ['docker', { ...docker, SecurityOptions: ['name=cgroupns'] }], { seccomp: false }],
    [
      'processes',
      ['podman', { ...podman, host: { ...podman.host, cgroupControllers: ['memory'] } }],
      { bounds: false },
    ],
    [
      'limits without rights',
      ['podman', { ...podman, host: { ...podman.host, security: { rootless: true, seccompEnabled: true } } }],
      { bounds: false, rootless: true },
    ],
  ])('without %s says so', (_, [name, info], facts) => {
    expect(engineFacts(name, said(info))).toMatchObject(facts);
  });
});

describe('where there is no such box, it is said what to do:', () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'engines-'));
  });
  afterAll(async () => rm(dir, { recursive: true }));

  /** An engine that answers so to each word of its command. */
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

  const info = `info) echo '${said(docker)}';;`;
  const image = (config: object) => `image) echo '${said([{ Id: 'sha256:12', Config: config }])}';;`;

  test.each<[string, string, { readonly what: string; readonly fix: string }]>([
    [
      'no engine answers',
      'info) echo Cannot connect >&2; exit 1;;',
      { what: 'docker does not answer: Cannot connect', fix: 'start docker' },
    ],
    [
      'it cannot bound',
      `info) echo '${said({ ...docker, PidsLimit: false })}';;`,
      { what: 'cannot bound', fix: 'controllers' },
    ],
    [
      'no image',
      `${info}\nimage) exit 1;;`,
      { what: 'docker has no image box:1', fix: 'SIGNALBOX_BOX_IMAGE' },
    ],
    [
      'volumes',
      `${info}\n${image({ Volumes: { '/data': {} } })}`,
      { what: 'declares volumes', fix: 'without VOLUME' },
    ],
    [
      'no init',
      `${info}\n${image({})}\nrun) echo 'exec: "docker-init": executable file not found in $PATH' >&2; exit 125;;`,
      { what: 'cannot start from box:1', fix: 'tini' },
    ],
    [
      'no git',
      `${info}\n${image({})}\nrun) echo 'signalbox: the box has started' >&2; echo git: not found >&2; exit 127;;`,
      { what: 'git: not found', fix: 'an image that has /bin/sh' },
    ],
  ])('%s', async (_, answers, { what, fix }) => {
    const tier = await engineThat(answers);
    expect(tier).toMatchObject({ name: 'none', guards: [] });
    expect(tier.problems[0]?.what).toContain(what);
    expect(tier.problems[0]?.fix).toContain(fix);
  });

  test('no engine at all', async () => {
    const tier = await detectTier({ box: 'container', image: 'box:1', environment: { PATH: '/nowhere' } });
    expect(tier.problems[0]?.what).toBe('docker was not found, podman was not found');
  });

  test('and one that is whole is named with version and image', async () => {
    const tools = 'signalbox: the box has started';
    const tier = await engineThat(
      `${info}\n${image({})}\nrun) echo '${tools}' >&2; printf '/usr/bin/node\\n/bin/bash\\n';;`,
    );
    expect(tier).toMatchObject({ name: 'container', image: { node: '/usr/bin/node', shell: '/bin/bash' } });
    expect(describeBox(tier)).toMatch(
      /^container \(docker 20\.10\.24, image sha256:12\): namespaces, no-network/,
    );
    expect(describeBox(tier)).toContain('; not given: first-process, host-key-counts, overlays');
  });
});

describe('standard error', () => {
  const parted = async (...chunks: string[]) => {
    const source = new PassThrough();
    const after = afterLine(source, 'MARK');
    const rest = text(after.rest);
    for (const chunk of chunks) source.write(chunk);
    source.end();
    return { rest: await rest, before: after.before(), started: after.hasStarted() };
  };

  test('is the command’s from the line on, however it comes', async () => {
    const whole = { rest: 'said\nMARK\n', before: 'a warning\n', started: true };
    expect(await parted('a warning\nMARK\nsaid\nMARK\n')).toEqual(whole);
    expect(await parted('a warn', 'ing\nMA', 'RK', '\nsaid\n', 'MARK\n')).toEqual(whole);
  });

  test('without the line is the engine’s', async () => {
    expect(await parted('no such ', 'image\n')).toEqual({
      rest: '',
      before: 'no such image\n',
      started: false,
    });
  });
});
