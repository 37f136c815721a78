/** Node and npm from the npm registry, with this host's registry and certificates. */
import { chmod, copyFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { majorOf } from './reference.ts';
import type { Context } from './table.ts';

const TIMEOUT_MS = 3 * 60_000;
// Comes with Node 24.
const NPM = 'npm@11';
const SYSTEM_CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';

export async function addNode({ folder, tag }: Context): Promise<void> {
  const prefix = path.join(folder, 'fetched');
  const binary = `node-${process.platform}-${process.arch}`;
  const install = ['install', '--no-save', '--ignore-scripts', '--prefix', prefix];
  await npm(...install, `${binary}@${majorOf(tag)}`, NPM);
  const modules = path.join(prefix, 'node_modules');
  await rename(path.join(modules, binary, 'bin/node'), path.join(folder, 'node'));
  await chmod(path.join(folder, 'node'), 0o755);
  await rename(path.join(modules, 'npm'), path.join(folder, 'npm'));
  await copyFile(
    process.env['NODE_EXTRA_CA_CERTS'] ?? SYSTEM_CERTIFICATES,
    path.join(folder, 'ca-certificates.crt'),
  );
  await writeFile(path.join(folder, 'npmrc'), `registry=${await npm('config', 'get', 'registry')}\n`);
}

async function npm(...args: string[]): Promise<string> {
  const { stdout } = await execa('npm', args, { timeout: TIMEOUT_MS, stdin: 'ignore' });
  return stdout.trim();
}
