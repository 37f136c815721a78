/** Our processes as in production: schedulers, runners with private data directories and a model gateway each, a webhook gateway. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sweepWorkspaces } from '../../../src/box/workspace.ts';
import { withoutDestinations } from '../../../src/config/destinations.ts';
import type { Environment } from '../../../src/config/environment.ts';
import type { ProcessSpec } from '../../../src/local/process-spec.ts';
import { makeSocketFolder } from '../../../src/local/socket-folder.ts';
import { processSpec } from '../../../src/local/stack.ts';
import { createSupervisor, type Supervisor } from '../../../src/local/supervisor.ts';
import type { Outside } from '../../../demo/outside.ts';

const RESTART = { firstDelayMs: 100, delayMsMax: 1_000, healthyAfterMs: 1_000 };
const SCHEDULERS = 2;
const RUNNERS = 2;

export interface FleetInput {
  /** For the data directories of all processes. */
  readonly folder: string;
  readonly outside: Outside;
  /** Settings of Temporal and the store. */
  readonly values: Environment;
  /** What happens to a process that dies; default: it is started again soon, as by a service manager. */
  readonly restart?: ProcessSpec['restart'];
}

/** A group of processes that is started and ended together. */
export interface Group {
  readonly supervisor: Supervisor;
  readonly dataDirs: readonly string[];
  readonly stop: () => Promise<void>;
}

/** `program`: the `main.js` of another build than this checkout's. */
export async function startSchedulers(
  input: FleetInput,
  {
    names = numbered('scheduler', SCHEDULERS),
    program,
  }: { readonly names?: readonly string[]; readonly program?: string } = {},
): Promise<Group> {
  const specs = names.map(name => {
    const spec = ours(input, 'scheduler', name);
    return program === undefined ? spec : { ...spec, args: [program, 'scheduler'] };
  });
  return await startGroup(input, specs, names);
}

/** Each runner with its model gateway, and one webhook gateway. */
export async function startRunners(
  input: FleetInput,
  names: readonly string[] = numbered('runner', RUNNERS),
): Promise<Group> {
  const removes: (() => Promise<void>)[] = [];
  const specs = names.flatMap((name, at) => {
    const sockets = makeSocketFolder(join(input.folder, name));
    removes.push(sockets.remove);
    const values = { ...input.values, ...sockets.values };
    return [
      ours({ ...input, values }, 'model-gateway', `model-gateway-${at + 1}`),
      ours({ ...input, values }, 'runner', name),
    ];
  });
  const gateway = ours(input, 'gateway', 'gateway');
  const group = await startGroup(input, [...specs, gateway], names).catch(async (error: unknown) => {
    await Promise.all(removes.map(remove => remove()));
    throw error;
  });
  const stop = async (): Promise<void> => {
    await group.stop();
    for (const name of names) await sweepWorkspaces(join(input.folder, name, 'workspaces'));
    await Promise.all(removes.map(remove => remove()));
  };
  return { ...group, stop };
}

async function startGroup(
  { folder }: FleetInput,
  specs: readonly ProcessSpec[],
  names: readonly string[],
): Promise<Group> {
  for (const { name } of specs) await mkdir(join(folder, name, 'logs'), { recursive: true, mode: 0o700 });
  const supervisor = createSupervisor({ onEvent: () => undefined });
  const stop = (): Promise<void> => supervisor.stop();
  try {
    await supervisor.start(specs);
  } catch (error) {
    await stop();
    throw error;
  }
  return { supervisor, dataDirs: names.map(name => join(folder, name)), stop };
}

function ours(input: FleetInput, kind: Parameters<typeof processSpec>[1], name: string): ProcessSpec {
  const { outside, folder } = input;
  const values = { ...withoutDestinations(process.env), ...outside.values, ...input.values };
  const spec = processSpec({ dataDir: join(folder, name), values, modelKey: outside.secrets.modelKey }, kind);
  return { ...spec, name, restart: input.restart ?? RESTART };
}

function numbered(name: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, at) => `${name}-${at + 1}`);
}
