/** Installs packages of Debian or Ubuntu. */
import { execa } from 'execa';
import { findOnPath } from '../../../src/host/executable.ts';
import { orUnavailable, Unavailable } from './unavailable.ts';

const TIMEOUT_MS = 4 * 60_000;

export async function installPackages(names: readonly string[], say: (text: string) => void): Promise<void> {
  if (findOnPath(['apt-get'], process.env['PATH'] ?? '') === undefined)
    throw new Unavailable(`${names.join(', ')} cannot be installed: there is no apt-get`);
  say(`installing ${names.join(', ')}`);
  await orUnavailable(`${names.join(', ')} cannot be installed`, async () => {
    await aptGet('update', '-qq');
    await aptGet('install', '-qq', '-y', '--no-install-recommends', ...names);
  });
}

async function aptGet(...args: string[]): Promise<void> {
  await execa('apt-get', args, {
    env: { DEBIAN_FRONTEND: 'noninteractive' },
    timeout: TIMEOUT_MS,
    stdin: 'ignore',
  });
}
