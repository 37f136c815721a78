/** Names and labels of containers, by which leftovers of dead runners are found. */
import { readlink } from 'node:fs/promises';

import { type BoxName, dirsLeftBehind, isLeftBehind, nextBoxName, removeDirs } from '../box-name.ts';
import { NAMESPACE_LABEL } from './arguments.ts';
import { callEngine, type ContainerEngine, removeContainer } from './engine.ts';

export interface ContainerName extends BoxName {
  readonly labels: Readonly<Record<string, string>>;
}

export async function nextName(): Promise<ContainerName> {
  return { ...nextBoxName(), labels: { [NAMESPACE_LABEL]: await pidNamespace() } };
}

/**
 * Removes containers and directories of dead runners. Considers only containers of this PID namespace, since process ids
 * mean nothing in another one: two runners in separate containers can share one engine.
 */
export async function sweepContainers(engine: ContainerEngine): Promise<void> {
  for (const name of await ownContainers(engine)) {
    if (isLeftBehind(name)) await removeContainer(engine, name);
  }
  await removeDirs(await dirsLeftBehind());
}

async function ownContainers(engine: ContainerEngine): Promise<readonly string[]> {
  const filter = `label=${NAMESPACE_LABEL}=${await pidNamespace()}`;
  const { stdout } = await callEngine(engine, ['ps', '--all', '--filter', filter, '--format', '{{.Names}}']);
  return stdout.split('\n').filter(name => name !== '');
}

/** `pid:[4026531836]` */
async function pidNamespace(): Promise<string> {
  return readlink('/proc/self/ns/pid');
}
