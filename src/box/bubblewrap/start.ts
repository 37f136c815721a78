/** Starts bubblewrap for one run, in a separate control group where possible. */
import { spawn, type ChildProcess } from 'node:child_process';
import { access } from 'node:fs/promises';
import type { Writable } from 'node:stream';

import { ARGS_FD, bubblewrapArgs, FILTER_FD, FIRST_FILE_FD, ownFilesOf, STATUS_FD } from './arguments.ts';
import { createControlGroup, type ControlGroup } from './control-group.ts';
import { hasGitDir } from '../git-dir.ts';
import { give } from '../give.ts';
import { boxProcess } from './process.ts';
import { type HostFindings, launchOf } from './launch.ts';
import type { OnHolder } from '../kind.ts';
import { noProcessLimit, processLimit } from '../process-limit.ts';
import { seccompFilter } from '../seccomp/filter.ts';
import type { BoxSpec } from '../spec.ts';
import type { StartedBox } from '../started-box.ts';
import type { BubblewrapTier } from './tier.ts';

export async function startBubblewrap(
  spec: BoxSpec,
  tier: BubblewrapTier,
  onHolder: OnHolder = () => undefined,
): Promise<StartedBox> {
  const group = tier.controlGroups && (await createControlGroup(tier.controlGroups, spec.limits));
  try {
    const child = await start(spec, tier, group);
    return {
      output: child,
      process: boxProcess(child, STATUS_FD, onHolder),
      ...(child.pid === undefined ? {} : endings(child.pid, group)),
      memoryKills: async () => group?.memoryKills().catch(() => 0),
      clear: async () => group?.remove(),
    };
  } catch (error) {
    await group?.remove();
    throw error;
  }
}

/** The box dies with its launcher, which is its root process. */
function endings(
  pid: number,
  group: ControlGroup | undefined,
): Pick<StartedBox, 'lastResort' | 'memoryUnboundPid'> {
  return { lastResort: { pid }, ...(group === undefined ? { memoryUnboundPid: pid } : {}) };
}

async function start(
  spec: BoxSpec,
  tier: BubblewrapTier,
  group: ControlGroup | undefined,
): Promise<ChildProcess> {
  const { bubblewrapPath, boxUid } = tier;
  const launch = launchOf(spec, {
    bubblewrapPath,
    ...(boxUid !== undefined ? { boxUid } : {}),
    controlGroupFiles: group?.procsFiles ?? [],
    processLimit:
      group === undefined
        ? await processLimit(spec.limits.processesMax, boxUid ?? process.getuid?.() ?? 0)
        : noProcessLimit,
    found: await findings(spec),
  });
  const files = ownFilesOf(spec);
  const child = spawn(launch.file, launch.args, {
    stdio: ['pipe', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe', ...files.map(() => 'pipe' as const)],
    // Only to find the programs of the launch chain; bubblewrap clears it.
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
    // A separate process group, so that Ctrl-C reaches only the runner. If the runner dies, the box still ends.
    detached: true,
  });
  const pipeOf = (fd: number): Writable | null | undefined => child.stdio[fd] as Writable | null | undefined;
  give(pipeOf(0), spec.stdin);
  give(
    pipeOf(ARGS_FD),
    bubblewrapArgs(spec, launch.sources)
      .map(word => `${word}\0`)
      .join(''),
  );
  give(pipeOf(FILTER_FD), filter ?? '');
  for (const [index, { content }] of files.entries()) give(pipeOf(FIRST_FILE_FD + index), content);
  return child;
}

const filter = seccompFilter(process.arch);

/** Keyrings belong to the user, so these lists reveal data of the host. Some kernels do not have these files. */
const HIDDEN_PROC_FILES = ['/proc/keys', '/proc/key-users'];

export async function findings(spec: BoxSpec): Promise<HostFindings> {
  const present = await Promise.all(HIDDEN_PROC_FILES.map(exists));
  return {
    hasGitDir: await hasGitDir(spec.workspaceDir),
    hasFilter: filter !== undefined,
    hiddenProcFiles: HIDDEN_PROC_FILES.filter((_, index) => present[index]),
  };
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
