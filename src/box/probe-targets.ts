/** Targets for the self-test: real files, sockets and a name server of the host, reachable from a box if a guard is missing. */
import dgram from 'node:dgram';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, writeFile } from 'node:fs/promises';
import net, { type AddressInfo } from 'node:net';
import { homedir, networkInterfaces, tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

import { makeOwnFolder } from '../host/own-folder.ts';
import type { BoxTier } from './tier.ts';

export interface ProbeTargets {
  readonly workspaceDir: string;
  readonly hostFile: string;
  readonly hostPort: number;
  /** Without the leading zero byte. */
  readonly hostAbstractSocket: string;
  readonly hostDnsPort: number;
  /** Paths where clouds, tools and people keep credentials; the first is a directory that contains one. */
  readonly credentials: readonly string[];
  /** Of cloud metadata services and of this host. */
  readonly addresses: readonly string[];
  close(): Promise<void>;
}

export async function openTargets(tier: BoxTier): Promise<ProbeTargets> {
  const folder = makeOwnFolder(path.join(tmpdir(), 'signalbox-self-test-'));
  const { dir } = folder;
  const files = await makeFiles(dir, tier.boxUid);
  const tcp = net.createServer(socket => socket.end()).listen(0, '127.0.0.1');
  const hostAbstractSocket = path.basename(dir);
  const abstract = net.createServer(socket => socket.end()).listen(`\0${hostAbstractSocket}`);
  const names = dgram.createSocket('udp4').bind(0, '127.0.0.1');
  names.on('message', (query, from) => names.send(answerTo(query), from.port, from.address));
  await Promise.all([tcp, abstract, names].map(server => once(server, 'listening')));
  return {
    ...files,
    hostPort: (tcp.address() as AddressInfo).port,
    hostAbstractSocket,
    hostDnsPort: names.address().port,
    credentials: [path.join(dir, 'home'), ...realCredentials()],
    addresses: [...METADATA, ...ownAddresses()],
    close: async () => {
      tcp.close();
      abstract.close();
      names.close();
      if (tier.boxUid !== undefined) await run('umount', ['--', files.workspaceDir]);
      await folder.remove();
    },
  };
}

const run = promisify(execFile);
const METADATA = ['169.254.169.254', 'fd00:ec2::254', '100.100.100.200'];

/**
 * The box's user owns everything in the folder, so that only the box denies access. The folder itself stays ours, so that
 * nobody can put another one in its place before it is unmounted and removed.
 */
async function makeFiles(
  dir: string,
  boxUid: number | undefined,
): Promise<{ readonly workspaceDir: string; readonly hostFile: string }> {
  const workspaceDir = path.join(dir, 'ws');
  const hostFile = path.join(dir, 'host-file');
  const gitDir = path.join(workspaceDir, '.git');
  const home = path.join(dir, 'home');
  const key = path.join(home, '.netrc');
  await mkdir(workspaceDir);
  // A mount, as in real runs. An engine in another mount namespace would show the box the directory below it instead.
  if (boxUid !== undefined) await run('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'signalbox', workspaceDir]);
  for (const one of [gitDir, home]) await mkdir(one);
  await writeFile(hostFile, 'a file of the host');
  await writeFile(key, 'machine example.invalid password unused');
  if (boxUid !== undefined) {
    await chmod(dir, 0o711);
    for (const owned of [workspaceDir, gitDir, hostFile, home, key]) await chown(owned, boxUid, boxUid);
  }
  return { workspaceDir, hostFile };
}

function realCredentials(): readonly string[] {
  const inHome = ['.ssh', '.netrc', '.git-credentials', '.npmrc', '.pypirc', '.codex', '.claude'];
  const alsoInHome = ['.aws', '.azure', '.docker', '.kube', '.gnupg', '.config', '.cargo/credentials.toml'];
  const onHost = ['/etc/shadow', '/etc/gshadow', '/etc/ssl/private', '/run/secrets', '/var/run/secrets'];
  const engines = ['/run/docker.sock', '/var/run/docker.sock', '/run/containerd/containerd.sock'];
  return [...[...inHome, ...alsoInHome].map(name => path.join(homedir(), name)), ...onHost, ...engines];
}

function ownAddresses(): readonly string[] {
  return Object.values(networkInterfaces())
    .flatMap(addresses => addresses ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4')
    .map(({ address }) => address);
}

/** A DNS response to the query, with 192.0.2.1, an address reserved for documentation. */
function answerTo(query: Buffer): Buffer {
  const header = Buffer.from([query[0] ?? 0, query[1] ?? 0, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0]);
  const nameEnd = query.indexOf(0, 12);
  const question = query.subarray(12, nameEnd + 5);
  const address = Buffer.from([0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, 192, 0, 2, 1]);
  return Buffer.concat([header, question, address]);
}
