/** Limits the memory and the processes of a whole box with a control group. Only root can create one. */
import { constants } from 'node:fs';
import { access, mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { waitUntil } from '../../host/wait.ts';
import { isLeftBehind, nextBoxName } from '../box-name.ts';

export type ControlGroupVersion = 'v1' | 'v2';

export interface ControlGroup {
  /** To add a process to the group, write its id into each of these files. */
  readonly procsFiles: readonly string[];
  /** Number of processes that the kernel killed at the memory limit. */
  memoryKills(): Promise<number>;
  /** Waits until the group has no process, then removes it. */
  remove(): Promise<void>;
}

export interface ControlGroupLimits {
  readonly memoryBytesMax: number;
  readonly processesMax: number;
}

const ROOT = '/sys/fs/cgroup';

/** Tests it: a version is present only if a group with limits can really be created. */
export async function detectControlGroups(): Promise<ControlGroupVersion | undefined> {
  for (const version of ['v2', 'v1'] as const) {
    try {
      await sweepControlGroups(version);
      const group = await createControlGroup(version, { memoryBytesMax: 2 ** 30, processesMax: 64 });
      await group.remove();
      return version;
    } catch {
      // Not mounted, not writable or not delegated: try the next version.
    }
  }
  return undefined;
}

export async function createControlGroup(
  version: ControlGroupVersion,
  limits: ControlGroupLimits,
): Promise<ControlGroup> {
  const { name } = nextBoxName();
  const parents = await parentsOf(version);
  const dirs = parents.map(parent => path.join(parent, name));
  const group = groupOf(version, dirs);
  try {
    for (const [index, dir] of dirs.entries()) {
      await mkdir(dir);
      await writeLimits(dir, settings(version, limits)[index] ?? []);
    }
  } catch (error) {
    await group.remove();
    throw error;
  }
  return group;
}

/** Removes groups of killed runners; a group that still contains a process stays. */
export async function sweepControlGroups(version: ControlGroupVersion): Promise<void> {
  for (const parent of await parentsOf(version)) {
    for (const name of await readdir(parent)) {
      if (isLeftBehind(name)) await rmdir(path.join(parent, name)).catch(() => undefined);
    }
  }
}

type Setting = readonly [file: string, value: number, optional?: 'optional'];

/** One list for each directory of `parentsOf`. */
function settings(version: ControlGroupVersion, limits: ControlGroupLimits): readonly (readonly Setting[])[] {
  if (version === 'v2') {
    const { memoryBytesMax, processesMax } = limits;
    return [
      [
        ['memory.max', memoryBytesMax],
        ['pids.max', processesMax],
        ['memory.swap.max', 0, 'optional'],
      ],
    ];
  }
  return [
    [
      ['memory.limit_in_bytes', limits.memoryBytesMax],
      ['memory.memsw.limit_in_bytes', limits.memoryBytesMax, 'optional'],
    ],
    [['pids.max', limits.processesMax]],
  ];
}

async function writeLimits(dir: string, list: readonly Setting[]): Promise<void> {
  for (const [file, value, optional] of list) {
    const written = writeFile(path.join(dir, file), String(value), { flag: 'r+' });
    await (optional ? written.catch(() => undefined) : written);
  }
}

function groupOf(version: ControlGroupVersion, dirs: readonly string[]): ControlGroup {
  const memoryDir = dirs[0] ?? ROOT;
  const counter = path.join(memoryDir, version === 'v2' ? 'memory.events' : 'memory.oom_control');
  return {
    procsFiles: dirs.map(dir => path.join(dir, 'cgroup.procs')),
    memoryKills: async () => Number(/^oom_kill (\d+)$/m.exec(await readFile(counter, 'utf8'))?.[1] ?? 0),
    remove: async () => {
      for (const dir of dirs) await waitUntil(() => removed(dir), 5000);
    },
  };
}

async function removed(dir: string): Promise<boolean> {
  return rmdir(dir).then(
    () => true,
    (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT',
  );
}

/** Version 1: below the runner's own group if writable, so that a limit on the runner also limits its boxes. */
async function parentsOf(version: ControlGroupVersion): Promise<readonly string[]> {
  const own = await readFile('/proc/self/cgroup', 'utf8');
  if (version === 'v2') {
    await access(path.join(ROOT, 'cgroup.controllers'), constants.R_OK);
    return [await delegated()];
  }
  return Promise.all(
    ['memory', 'pids'].map(async controller => {
      const mount = path.join(ROOT, controller);
      const ownPath =
        new RegExp(`^\\d+:(?:[^:]*,)?${controller}(?:,[^:]*)?:(.*)$`, 'm').exec(own)?.[1] ?? '/';
      const below = path.join(mount, ownPath);
      return access(below, constants.W_OK).then(
        () => below,
        () => mount,
      );
    }),
  );
}

/** In version 2 a group has either processes or limited children, so all boxes are children of one dedicated group. */
async function delegated(): Promise<string> {
  const dir = path.join(ROOT, 'signalbox');
  for (const level of [ROOT, dir]) {
    await mkdir(level, { recursive: true });
    await writeFile(path.join(level, 'cgroup.subtree_control'), '+memory +pids', { flag: 'r+' });
  }
  return dir;
}
