/** Whose a container is: its name says so, and what a dead runner left is found by them. */
import { readdir, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { isAlive, ownIdentity, parseIdentity } from '../process-identity.ts';
import { NAMESPACE_LABEL } from './arguments.ts';
import { callEngine, type ContainerEngine, removeContainer } from './engine.ts';

const PREFIX = 'signalbox-box-';
let made = 0;

export interface ContainerName {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Of the private directory on the host. */
  readonly dirPrefix: string;
}

export async function nextName(): Promise<ContainerName> {
  const owner = await ownIdentity();
  const name = `${PREFIX}${owner}-${++made}`;
  return {
    name,
    labels: { [NAMESPACE_LABEL]: await pidNamespace() },
    dirPrefix: path.join(tmpdir(), `${name}-`),
  };
}

/**
 * Removes the containers and directories of runners that are dead. Only a process that counts processes as we do can
 * tell: two runners in containers of their own may share one engine.
 */
export async function sweepContainers(engine: ContainerEngine): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const name of await ownContainers(engine)) {
    if (!(await isLeftBehind(name))) continue;
    await removeContainer(engine, name);
    removed.push(name);
  }
  for (const name of await readdir(tmpdir())) {
    if (await isLeftBehind(name))
      await rm(path.join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined);
  }
  return removed;
}

async function ownContainers(engine: ContainerEngine): Promise<readonly string[]> {
  const filter = `label=${NAMESPACE_LABEL}=${await pidNamespace()}`;
  const { stdout } = await callEngine(engine, ['ps', '--all', '--filter', filter, '--format', '{{.Names}}']);
  return stdout.split('\n').filter(name => name !== '');
}

async function isLeftBehind(name: string): Promise<boolean> {
  const owner = name.startsWith(PREFIX) ? parseIdentity(name.slice(PREFIX.length)) : undefined;
  return owner !== undefined && !(await isAlive(owner));
}

/** `pid:[4026531836]` */
async function pidNamespace(): Promise<string> {
  return readlink('/proc/self/ns/pid');
}
