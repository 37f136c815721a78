/** Whose a container is: its name and its labels say so, and what a dead runner left is found by them. */
import { readdir, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { isAlive, ownIdentity, parseIdentity } from '../process-identity.ts';
import { NAMESPACE_LABEL, OWNER_LABEL } from './arguments.ts';
import { callEngine, type ContainerEngine } from './engine.ts';

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
    labels: { [OWNER_LABEL]: owner, [NAMESPACE_LABEL]: await pidNamespace() },
    dirPrefix: path.join(tmpdir(), `${name}-`),
  };
}

/**
 * Removes the containers and directories of runners that are dead. Only a process that counts processes as we do can
 * tell: two runners in containers of their own may share one engine.
 */
export async function sweepContainers(engine: ContainerEngine): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const { name, owner } of await ownedContainers(engine)) {
    if (await isAlive(owner)) continue;
    await callEngine(engine, ['rm', '--force', name]);
    removed.push(name);
  }
  for (const name of await readdir(tmpdir())) {
    const owner = name.startsWith(PREFIX) ? parseIdentity(name.slice(PREFIX.length)) : undefined;
    if (owner !== undefined && !(await isAlive(owner)))
      await rm(path.join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined);
  }
  return removed;
}

async function ownedContainers(engine: ContainerEngine) {
  const filter = `label=${NAMESPACE_LABEL}=${await pidNamespace()}`;
  const format = `{{.Names}} {{.Label "${OWNER_LABEL}"}}`;
  const { stdout } = await callEngine(engine, ['ps', '--all', '--filter', filter, '--format', format]);
  return stdout.split('\n').flatMap(line => {
    const [name = '', label = ''] = line.split(' ');
    const owner = parseIdentity(label);
    return owner === undefined ? [] : [{ name, owner }];
  });
}

/** `pid:[4026531836]` */
async function pidNamespace(): Promise<string> {
  return readlink('/proc/self/ns/pid');
}
