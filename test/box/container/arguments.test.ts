/** The arguments for a container engine, tested without an engine. */
import { describe, expect, test } from '@jest/globals';

import { containerArguments, type ContainerPlace } from '../../../src/box/container/arguments.ts';
import { exports } from '../../../src/box/container/started-by-shell.ts';
import { type BoxSpec, defaultLimits } from '../../../src/box/spec.ts';
import type { ContainerTier } from '../../../src/box/container/tier.ts';

const engine = {
  name: 'docker',
  path: '/usr/bin/docker',
  version: '28',
  rootless: false,
  environment: {},
} as const;
const image = { reference: 'box:1', id: 'sha256:1234', node: '/usr/local/bin/node', shell: '/bin/bash' };
const tier: ContainerTier = {
  ...{ name: 'container', privileged: true, boxUid: 60_900, engine, image },
  ...{ guards: [], gaps: [], problems: [] },
};

const spec: BoxSpec = {
  ...{ command: 'npm', args: ['test', '--', 'a b'], env: { TOKEN: 'of-the-run' }, stdin: 'the prompt' },
  ...{ readOnlyMounts: [], workspaceDir: '/host/ws', maskedWorkspaceDirs: ['.codex'], limits: defaultLimits },
};

const place: ContainerPlace = {
  ...{ name: 'signalbox-box-1.2.3-1', labels: { 'signalbox.pid-namespace': 'pid:[1]' }, user: '60900:60900' },
  ...{ startDir: '/private/start', seccompFile: '/private/calls.json', emptyDir: '/private/empty' },
  files: [{ from: '/private/files/0', to: '/etc/passwd' }],
  contents: {
    workspaceDir: '/host/ws',
    hasGitDir: true,
    readOnlyMounts: [{ from: '/host/codex', to: '/opt/codex' }],
  },
};

const argumentsFor = (over: Partial<BoxSpec> = {}, changed: Partial<ContainerPlace> = {}, as = tier) =>
  containerArguments({ ...spec, ...over }, as, { ...place, ...changed });

/** The values of an option, in their order. */
const valuesOf = (args: readonly string[], option: string): readonly string[] =>
  args.flatMap((word, at) => (word === option ? [args[at + 1] ?? ''] : []));

describe('a container', () => {
  test('has every guard', () => {
    const args = argumentsFor();
    expect(args).toEqual(
      expect.arrayContaining(['--init', '--read-only', '--interactive', '--no-healthcheck']),
    );
    const guards = {
      '--network': ['none'],
      '--cap-drop': ['ALL'],
      '--security-opt': ['no-new-privileges', 'seccomp=/private/calls.json'],
      '--user': ['60900:60900'],
      '--ipc': ['private'],
      '--cgroupns': ['private'],
      '--pull': ['never'],
      '--log-driver': ['none'],
      '--name': ['signalbox-box-1.2.3-1'],
      '--label': ['signalbox.pid-namespace=pid:[1]'],
    };
    for (const [option, values] of Object.entries(guards))
      expect([option, valuesOf(args, option)]).toEqual([option, values]);
  });

  test('has every limit', () => {
    const limits = {
      ...defaultLimits,
      memoryBytesMax: 1000,
      processesMax: 7,
      fileBytesMax: 50,
      tmpBytesMax: 9,
    };
    const args = argumentsFor({ limits });
    expect(valuesOf(args, '--memory')).toEqual(['1000']);
    expect(valuesOf(args, '--memory-swap')).toEqual(['1000']);
    expect(valuesOf(args, '--pids-limit')).toEqual(['7']);
    expect(valuesOf(args, '--shm-size')).toEqual(['9']);
    expect(valuesOf(args, '--ulimit')).toEqual(['fsize=50:50', 'nofile=4096:4096', 'core=0:0']);
    for (const tmpfs of valuesOf(args, '--tmpfs')) expect(tmpfs).toContain('nosuid,nodev,size=9');
  });

  test('has the workspace, a read-only .git, and empty directories over masked ones', () => {
    expect(valuesOf(argumentsFor(), '--mount')).toEqual([
      'type=bind,source=/private/start,target=/run/box,readonly',
      'type=bind,source=/private/files/0,target=/etc/passwd,readonly',
      'type=bind,source=/host/codex,target=/opt/codex,readonly',
      'type=bind,source=/host/ws,target=/ws',
      'type=bind,source=/host/ws/.git,target=/ws/.git,readonly',
      'type=bind,source=/private/empty,target=/ws/.codex,readonly',
    ]);
    expect(valuesOf(argumentsFor({ workspaceAccess: 'read-only' }), '--mount')).toContain(
      'type=bind,source=/host/ws,target=/ws,readonly',
    );
  });

  test('without a workspace has a small temporary one', () => {
    const args = argumentsFor({}, { contents: { hasGitDir: false, readOnlyMounts: [] } });
    expect(valuesOf(args, '--tmpfs').at(-1)).toMatch(/^\/ws:.*size=65536/);
    expect(valuesOf(args, '--mount').join()).not.toContain('target=/ws');
  });

  test('starts the command from the image id, with its arguments unchanged', () => {
    const args = argumentsFor();
    const at = args.indexOf('sha256:1234');
    expect(args.slice(at - 2, at)).toEqual(['--entrypoint', '/usr/bin/env']);
    expect(args.slice(at + 1, at + 4)).toEqual(['-i', '/bin/sh', '-c']);
    expect(args.slice(-5)).toEqual(['box', 'npm', 'test', '--', 'a b']);
  });

  test('starts the relay with the image’s Node, to reach the model', () => {
    const args = argumentsFor({ modelSocketPath: '/host/model/run.sock' });
    const relay = ['/usr/local/bin/node', '/opt/signalbox/relay.mjs', '/run/model/run.sock', '--', 'npm'];
    expect(args.join(' ')).toContain(relay.join(' '));
  });

  test('has neither the environment nor the prompt in its arguments', () => {
    expect(argumentsFor().join(' ')).not.toMatch(/of-the-run|TOKEN|the prompt/);
  });

  test('has paths with commas and quotes quoted', () => {
    const mounts = [{ from: '/host/a,readonly=false', to: '/opt/"a"' }];
    const args = argumentsFor({}, { files: [], contents: { hasGitDir: false, readOnlyMounts: mounts } });
    expect(valuesOf(args, '--mount')[1]).toBe(
      'type=bind,"source=/host/a,readonly=false","target=/opt/""a""",readonly',
    );
  });
});

describe('Podman', () => {
  const podman = { ...tier, engine: { ...engine, name: 'podman' } } as const;
  test('masks more of /proc, adds no mounts, and has the host’s process limit', () => {
    const args = argumentsFor({}, { hostProcessesMax: 100 }, podman);
    expect(args).toEqual(expect.arrayContaining(['mask=/proc/key-users', '--read-only-tmpfs=false']));
    expect(valuesOf(args, '--ulimit')).toContain('nproc=100:100');
    expect(args).not.toContain('keep-id');
  });

  test('rootless runs the box as the runner’s user', () => {
    const args = argumentsFor({}, {}, { ...podman, engine: { ...podman.engine, rootless: true } });
    expect(valuesOf(args, '--userns')).toEqual(['keep-id']);
  });
});

describe('the environment', () => {
  test('is quoted for a shell', () => {
    expect(exports({ A: `it's $HOME\n"x"`, B_1: '' })).toBe(
      `export A='it'\\''s $HOME\n"x"'\nexport B_1=''\n`,
    );
  });

  test('is refused if a name is not valid', () => {
    for (const name of ['A;B', 'A B', '1A', '', 'A='])
      expect(() => exports({ [name]: '' })).toThrow('not a valid name');
  });
});
