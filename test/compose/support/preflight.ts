/** Tries on this host what the compose file asks of an engine, so that a host that cannot do it is no failed test. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { root } from '../../../scripts/support/root.mjs';
import { docker, dockerAnswer } from './docker.ts';
import { imagesOfDockerfile } from './images.ts';
import { BASE } from './stand-ins/table.ts';
import { orUnavailable } from './unavailable.ts';

const NAME = `signalbox-preflight-${process.pid}`;
const CONTAINED = [
  '--rm',
  '--user=1000:1000',
  '--read-only',
  '--init',
  '--cap-drop=ALL',
  '--security-opt=no-new-privileges:true',
];
const LIMITS = ['--memory=64m', '--memory-swap=64m', '--pids-limit=32', '--cpus=0.5'];
const RUNNER = [
  `--security-opt=seccomp=${path.join(root, 'deploy/seccomp-runner.json')}`,
  '--security-opt=systempaths=unconfined',
];
// A namespace as bubblewrap makes it.
const BOX = [
  'unshare',
  '--user',
  '--map-root-user',
  '--mount',
  '--pid',
  '--net',
  '--fork',
  '--mount-proc',
  'true',
];
const OUTSIDE = ['wget', '--quiet', '--timeout=10', '--tries=1', '--spider', 'http://deb.debian.org/debian/'];

export async function preflight(): Promise<void> {
  try {
    await orUnavailable('a contained process does not start', () =>
      run([...CONTAINED, ...LIMITS, '--network=none'], ['true']),
    );
    await orUnavailable('a network cannot be made', () =>
      docker(['network', 'create', '--internal', '--opt=com.docker.network.bridge.inhibit_ipv4=true', NAME]),
    );
    await orUnavailable('a process does not start in a network', () =>
      run([...CONTAINED, `--network=${NAME}`], ['true']),
    );
    await orUnavailable('a container can make no namespaces', () =>
      run([...CONTAINED, ...RUNNER, '--network=none'], BOX),
    );
    await orUnavailable('a container does not reach the packages of Debian', () => run(['--rm'], OUTSIDE));
    await orUnavailable('a container does not reach the packages of npm', askNpm);
  } finally {
    await dockerAnswer('network', 'rm', NAME);
  }
}

/** As the build of our images does. */
async function askNpm(): Promise<void> {
  const [node = ''] = imagesOfDockerfile(await readFile(path.join(root, 'Dockerfile'), 'utf8'));
  await docker(['run', '--rm', node, 'npm', 'view', 'npm', 'version']);
}

async function run(options: readonly string[], command: readonly string[]): Promise<void> {
  await docker(['run', ...options, BASE, ...command]);
}
