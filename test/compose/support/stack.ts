/** One stack of docker-compose.yml: its own names, ports and networks, so that a stack of the user is not disturbed. */
import { randomBytes, randomInt } from 'node:crypto';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import path from 'node:path';
import { execa } from 'execa';
import { root } from '../../../scripts/support/root.mjs';
import { composeProgram } from './compose-program.ts';
import { docker, dockerAnswer } from './docker.ts';
import { provide } from './provided.ts';

const PORTS = [
  'TEMPORAL_PORT',
  'TEMPORAL_UI_PORT',
  'ARTIFACT_STORE_PORT',
  'SIGNALBOX_GATEWAY_PORT',
  'DEMO_GITHUB_PORT',
];
const COMPOSE_TIMEOUT_MS = 5 * 60_000;
export const PROJECT_LABEL = 'com.docker.compose.project';

/** The environment of a new stack, for Compose. The folder is for the secrets that a person would provide. */
export async function newStack(folder: string): Promise<Record<string, string>> {
  const project = `signalbox-test-${randomBytes(3).toString('hex')}`;
  const ports = await Promise.all(PORTS.map(async name => [name, String(await freePort())] as const));
  const second = randomInt(64, 192);
  const third = 2 * randomInt(0, 127);
  const networks = `10.${second}.${third}`;
  // This host, as the egress proxy sees it: the first address of its network to the outside.
  const egressHost = `${networks}.145:${await freePort()}`;
  return {
    ...Object.fromEntries(ports),
    COMPOSE_PROJECT_NAME: project,
    COMPOSE_ENV_FILES: '/dev/null',
    COMPOSE_FILE: [path.join(root, 'docker-compose.yml'), await provide(folder, egressHost)].join(':'),
    SIGNALBOX_REPOSITORIES: 'acme/profile-card',
    // An address for documentation: nothing answers there.
    GITHUB_API_URL: 'https://192.0.2.1',
    SIGNALBOX_MODEL_BASE_URL: 'https://192.0.2.1/v1',
    SIGNALBOX_EGRESS_HOSTS: egressHost,
    // The tag of the images that are built here.
    SIGNALBOX_VERSION: project,
    SIGNALBOX_NETWORKS: networks,
    SIGNALBOX_DEMO_NETWORKS: `10.${second}.${third + 1}`,
  };
}

export function projectName(): string {
  return setting('COMPOSE_PROJECT_NAME');
}

export function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: start this test with npm run test:compose`);
  return value;
}

export interface ComposeEnd {
  readonly failed: boolean;
  /** Undefined when it was ended. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  /** With stderr. */
  readonly all: string;
}

/** Does not throw when Compose fails. */
export async function tryCompose(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<ComposeEnd> {
  const { failed, exitCode, all, stdout } = await execa(await composeProgram(), args, {
    cwd: root,
    // The classic builder needs no plugin.
    env: { DOCKER_BUILDKIT: '0', COMPOSE_PROGRESS: 'plain', ...env },
    timeout: COMPOSE_TIMEOUT_MS,
    stdin: 'ignore',
    all: true,
    reject: false,
    maxBuffer: 20_000_000,
  });
  return { failed, exitCode, stdout, all };
}

export async function compose(...args: readonly string[]): Promise<string> {
  const { failed, all, stdout } = await tryCompose(args);
  if (failed) throw new Error(`docker compose ${args.join(' ')} failed:\n${all.slice(-4_000)}`);
  return stdout;
}

/** Also what Compose did not get to, and the images that were built. */
export async function removeStack(): Promise<void> {
  await tryCompose(['--profile', '*', 'down', '--volumes', '--remove-orphans', '--timeout', '5']);
  for (const { list, remove } of [...PARTS, IMAGES]) {
    const found = await linesOf([...list, ...filterOf(list)]);
    if (found.length > 0) await dockerAnswer(...remove, ...found);
  }
}

/** Containers, networks and volumes of the stack, which `down --volumes` must have removed. */
export async function leftOfStack(): Promise<readonly string[]> {
  const found = await Promise.all(PARTS.map(({ list }) => linesOf([...list, ...filterOf(list)])));
  return found.flat();
}

const PARTS = [
  { list: ['ps', '--all', '--quiet'], remove: ['rm', '--force', '--volumes'] },
  { list: ['network', 'ls', '--quiet'], remove: ['network', 'rm'] },
  { list: ['volume', 'ls', '--quiet'], remove: ['volume', 'rm', '--force'] },
];
const IMAGES = { list: ['images', '--quiet'], remove: ['rmi', '--force'] };

function filterOf([what]: readonly string[]): readonly string[] {
  const filter =
    what === 'images' ? `reference=*:${projectName()}*` : `label=${PROJECT_LABEL}=${projectName()}`;
  return ['--filter', filter];
}

async function linesOf(args: readonly string[]): Promise<readonly string[]> {
  return [...new Set((await docker(args)).split('\n').filter(line => line !== ''))];
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
