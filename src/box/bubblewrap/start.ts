/** Starts bubblewrap for one run, in a control group of its own where there are such. */
import { spawn, type ChildProcess } from 'node:child_process';
import { access } from 'node:fs/promises';
import type { Writable } from 'node:stream';

import { ARGS_FD, bubblewrapArgs, FILTER_FD, FIRST_FILE_FD, ownFilesOf, STATUS_FD } from './arguments.ts';
import { createControlGroup, type ControlGroup } from './control-group.ts';
import { hasGitDir } from '../git-dir.ts';
import { give } from '../give.ts';
import { boxProcess } from './process.ts';
import { type HostFindings, launchOf } from './launch.ts';
import { noProcessLimit, processLimit } from '../process-limit.ts';
import { seccompFilter } from '../seccomp/filter.ts';
import type { BoxSpec } from '../spec.ts';
import type { StartedBox } from '../started-box.ts';
import type { BubblewrapTier } from './tier.ts';

export async function startBubblewrap(spec: BoxSpec, tier: BubblewrapTier): Promise<StartedBox> {
  const group = tier.controlGroups && (await createControlGroup(tier.controlGroups, spec.limits));
  try {
    const child = await start(spec, tier, group);
    return {
      output: child,
      process: boxProcess(child, STATUS_FD),
      ...(group === undefined && child.pid !== undefined ? { memoryUnboundPid: child.pid } : {}),
      memoryKills: async () => group?.memoryKills().catch(() => 0),
      clear: async () => group?.remove(),
    };
  } catch (error) {
    await group?.remove();
    throw error;
  }
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
    // Only to find the programs of the launch chain; the box clears it.
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
    // Away from the terminal's group: Ctrl-C must reach the runner alone. A dead runner still ends the box.
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

/** Keyrings are the user's, not the box's: their lists tell of the host. Kernels differ in what they have. */
const HIDDEN_PROC_FILES = ['/proc/keys', '/proc/key-users'];

export async function findings(spec: BoxSpec): Promise<HostFindings> {
  const present = await Promise.all(HIDDEN_PROC_FILES.map(isThere));
  return {
    hasGitDir: await hasGitDir(spec.workspaceDir),
    hasFilter: filter !== undefined,
    hiddenProcFiles: HIDDEN_PROC_FILES.filter((_, index) => present[index]),
  };
}

async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
