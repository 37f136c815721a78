/** Limits on the memory and the processes of a whole box: only a control group bounds them, and only root may make one. */
import { constants } from 'node:fs';
import { access, mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { isIdentityAlive, ownIdentity, parseIdentity } from '../process-identity.ts';
import { waitUntil } from '../../host/wait.ts';

export type ControlGroupVersion = 'v1' | 'v2';

export interface ControlGroup {
  /** Writing a process id into each of these puts the process into the group. */
  readonly procsFiles: readonly string[];
  /** Processes the kernel killed for want of memory. */
  memoryKills(): Promise<number>;
  /** Waits until no process is left in it, then removes it. */
  remove(): Promise<void>;
}

export interface ControlGroupLimits {
  readonly memoryBytesMax: number;
  readonly processesMax: number;
}

const ROOT = '/sys/fs/cgroup';
const PREFIX = 'signalbox-box-';
let made = 0;

/** Tries it out: a version counts as present only if a group with these limits can really be made. */
export async function detectControlGroups(): Promise<ControlGroupVersion | undefined> {
  for (const version of ['v2', 'v1'] as const) {
    try {
      await sweepControlGroups(version);
      const group = await createControlGroup(version, { memoryBytesMax: 2 ** 30, processesMax: 64 });
      await group.remove();
      return version;
    } catch {
      // Not mounted, not writable or not delegated: the next version, or none.
    }
  }
  return undefined;
}

export async function createControlGroup(
  version: ControlGroupVersion,
  limits: ControlGroupLimits,
): Promise<ControlGroup> {
  const name = `${PREFIX}${await ownIdentity()}-${++made}`;
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

/** Removes groups that a killed runner left behind; a group that still holds a process stays. */
export async function sweepControlGroups(version: ControlGroupVersion): Promise<void> {
  for (const parent of await parentsOf(version)) {
    for (const name of await readdir(parent)) {
      const owner = name.startsWith(PREFIX) ? parseIdentity(name.slice(PREFIX.length)) : undefined;
      if (owner !== undefined && !(await isIdentityAlive(owner)))
        await rmdir(path.join(parent, name)).catch(() => undefined);
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

/** Below our own group where it can be seen, so that a limit on the runner also bounds its boxes. */
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

/** v2 lets a group hold processes or limited children, not both: boxes go side by side below one of their own. */
async function delegated(): Promise<string> {
  const dir = path.join(ROOT, 'signalbox');
  for (const level of [ROOT, dir]) {
    await mkdir(level, { recursive: true });
    await writeFile(path.join(level, 'cgroup.subtree_control'), '+memory +pids', { flag: 'r+' });
  }
  return dir;
}
