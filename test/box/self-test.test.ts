/** The self-test of the box, with a positive control for each probe: the probe fails if its guard is removed. */
import { existsSync } from 'node:fs';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { FILTER_FD, FIRST_FILE_FD } from '../../src/box/bubblewrap/arguments.ts';
import { openTargets, type ProbeTargets } from '../../src/box/probe-targets.ts';
import { callProbes } from '../../src/box/seccomp/call-probes.ts';
import { probeSpec, selfTest } from '../../src/box/self-test.ts';
import { detectTier } from '../../src/box/detect.ts';
import { tier } from './support/box.ts';
import { runUnguarded, without, type Unguarded } from './support/unguarded.ts';

let targets: ProbeTargets;
beforeEach(async () => {
  targets = await openTargets(tier);
});
afterEach(async () => targets.close());

/** Files in the box of the self-test: passwd, group, hosts, gitconfig, and the program with the system calls. */
const FILES_MADE = 5;

const systemCalls = callProbes(process.arch === 'arm64' ? 'arm64' : 'x64').map(
  ({ name }) => `system-call ${name}`,
);

test('the box of this host denies every probe', async () => {
  const results = await selfTest(tier);
  expect(results.filter(result => !result.denied)).toEqual([]);
  expect(results.map(result => result.probe)).toEqual([
    ...['network', 'abstract-socket', 'dns', 'routes', 'host-files', 'symlink-out', 'credentials'],
    ...[
      'host-processes',
      'first-process',
      'host-keyrings',
      'host-key-counts',
      'inherited-descriptors',
      'write-outside',
    ],
    ...['write-git', 'new-namespaces', 'environment', 'privileges', 'system-call-filter'],
    ...systemCalls,
    'own-uid',
  ]);
  expect(systemCalls.length).toBeGreaterThanOrEqual(35);
});

describe('without a guard the box reaches exactly the targets of that guard:', () => {
  const mount =
    (what: string): Unguarded['edit'] =>
    args =>
      args.toSpliced(-4, 0, '--ro-bind', what, what);
  const home = (): string => targets.credentials[0] ?? '';
  const bindGit: Unguarded['edit'] = args => args.with(args.lastIndexOf('/ws/.git') - 2, '--bind');
  const showFirstProcess: Unguarded['edit'] = args =>
    without(...['--perms', '0555', '--size', '4096', '--tmpfs', '/proc/1', '--remount-ro', '/proc/1'])(args);
  const removeFilter = without('--seccomp', String(FILTER_FD));

  test.each<[string, Unguarded, Record<string, string>]>([
    [
      'the network namespace',
      { edit: without('--unshare-net') },
      {
        network: '127.0.0.1:',
        'abstract-socket': 'signalbox-self-test-',
        dns: '192.0.2.1',
        routes: '',
      },
    ],
    [
      'the mounts',
      { edit: args => mount(targets.hostFile)(args) },
      { 'host-files': 'a file of the host', 'symlink-out': 'a file of the host' },
    ],
    ['the hidden homes', { edit: args => mount(home())(args) }, { credentials: '/home' }],
    ['the process namespace', { edit: without('--unshare-pid') }, { 'host-processes': 'Name:\tnode' }],
    ['the hidden /proc/1', { edit: showFirstProcess }, { 'first-process': '/proc/1/mem' }],
    [
      'the closed descriptors',
      { edit: args => args, extraDescriptors: 1 },
      { 'inherited-descriptors': String(FIRST_FILE_FD + FILES_MADE) },
    ],
    ['the read-only root', { edit: without('--remount-ro', '/') }, { 'write-outside': '/ /etc /opt' }],
    ['the read-only /dev', { edit: without('--remount-ro', '/dev') }, { 'write-outside': '/dev' }],
    ['the read-only .git', { edit: bindGit }, { 'write-git': '/ws/.git' }],
    ['the cleared environment', { edit: without('--clearenv') }, { environment: 'OF_THE_HOST' }],
    [
      'the dropped privileges',
      { edit: args => [...args, '--cap-add', 'CAP_SYS_ADMIN'] },
      { privileges: 'CapBnd:' },
    ],
    [
      'the system-call filter and the limit on namespaces',
      { edit: args => removeFilter(without('--disable-userns')(args)) },
      {
        'new-namespaces': 'unshare --user',
        'system-call-filter': 'Seccomp:',
        // bubblewrap did not read and close it
        'inherited-descriptors': String(FILTER_FD),
        ...Object.fromEntries(systemCalls.map(name => [name, 'answered '])),
      },
    ],
  ])('%s', async (_, unguarded, expected) => {
    const output = await runUnguarded(probeSpec(tier, targets), unguarded, { OF_THE_HOST: '1' });
    const results = JSON.parse(output) as Record<string, string>;
    for (const [probe, reached] of Object.entries(expected))
      expect([probe, results[probe]]).toEqual([probe, expect.stringContaining(reached)]);
    const others = Object.entries(results).filter(([name, detail]) => !(name in expected) && detail !== '');
    expect(others).toEqual([]);
  });

  test('the hidden lists of keys, which some kernels do not have', async () => {
    const edit: Unguarded['edit'] = args =>
      args.filter((word, at) => {
        const hides = (from: number): boolean => args[from] === '--ro-bind' && args[from + 1] === '/dev/null';
        return !(hides(at) || hides(at - 1) || hides(at - 2)) || word === '';
      });
    const output = await runUnguarded(probeSpec(tier, targets), { edit });
    const results = JSON.parse(output) as Record<string, string>;
    expect(results['host-keyrings']).toBe(existsSync('/proc/keys') ? '/proc/keys' : '');
    expect(results['host-key-counts']).toBe(existsSync('/proc/key-users') ? '/proc/key-users' : '');
  });
});

describe('the tier', () => {
  test('names its guards and has no problems', () => {
    expect(tier).toMatchObject({ name: 'bubblewrap', problems: [] });
    expect(tier.guards).toEqual(
      expect.arrayContaining(['namespaces', 'no-network', 'no-new-namespaces', 'system-call-filter']),
    );
    expect(tier.guards).toContain(tier.privileged ? 'own-uid' : 'workspace-watch');
  });

  test('is none, with a problem and a fix, if no box can start', async () => {
    const broken = await detectTier({ bubblewrapPath: '/bin/false' });
    expect(broken.name).toBe('none');
    expect(broken.guards).toEqual([]);
    expect(broken.problems[0]?.what).toContain('the box cannot start');
    expect(broken.problems[0]?.fix).toContain('user.max_user_namespaces');
  });

  test('none fails the self-test', async () => {
    const broken = await detectTier({ bubblewrapPath: '/nowhere/bwrap' });
    const results = await selfTest(broken);
    expect(results).toHaveLength(1);
    expect(results[0]).toMatchObject({ probe: 'box', denied: false });
  });
});
