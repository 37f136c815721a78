/** Runs one command in the box and comes back only when every process in it is dead. */
import { spawn, type ChildProcess } from 'node:child_process';
import { access, lstat } from 'node:fs/promises';
import path from 'node:path';
import type { Writable } from 'node:stream';

import { ARGS_FD, boxFiles, bubblewrapArgs, FILTER_FD, FIRST_FILE_FD, STATUS_FD } from './bubblewrap.ts';
import { createControlGroup, type ControlGroup } from './control-group.ts';
import { watchWorkspace } from './disk-watch.ts';
import { boxProcess, type BoxProcess } from './kill.ts';
import { type HostFindings, launchOf } from './launch.ts';
import { watchMemory } from './memory-watch.ts';
import { readOutput, type OutputListeners } from './output.ts';
import { seccompFilter } from './seccomp/filter.ts';
import type { BoxEnding, BoxResult, BoxSpec } from './spec.ts';
import type { BoxTier } from './tier.ts';

export interface BoxContext extends OutputListeners {
  readonly tier: BoxTier;
  /** Aborting ends the run: TERM, then KILL after the grace. */
  readonly signal?: AbortSignal;
}

export async function runInBox(spec: BoxSpec, context: BoxContext): Promise<BoxResult> {
  const { tier } = context;
  if (context.signal?.aborted) return notStarted('cancelled', '');
  if (tier.bubblewrapPath === undefined) {
    return notStarted('could-not-start', tier.problems.map(problem => problem.what).join('; '));
  }
  const group = tier.controlGroups && (await createControlGroup(tier.controlGroups, spec.limits));
  try {
    const child = await start(spec, { ...tier, bubblewrapPath: tier.bubblewrapPath }, group);
    return await supervise({ spec, context, child, group });
  } finally {
    await group?.remove();
  }
}

function notStarted(ending: BoxEnding, stderrTail: string): BoxResult {
  return { ending, durationMs: 0, stdoutBytes: 0, stderrTail };
}

type ReadyTier = BoxTier & { readonly bubblewrapPath: string };

async function start(spec: BoxSpec, tier: ReadyTier, group: ControlGroup | undefined): Promise<ChildProcess> {
  const { bubblewrapPath, boxUid } = tier;
  const launch = launchOf(spec, {
    bubblewrapPath,
    ...(boxUid !== undefined && { boxUid }),
    controlGroupFiles: group?.procsFiles ?? [],
    found: await findings(spec),
  });
  const files = boxFiles(spec);
  const child = spawn(launch.file, launch.args, {
    stdio: ['pipe', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe', ...files.map(() => 'pipe' as const)],
    // Only to find the programs of the launch chain; the box clears it.
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
    // Away from the terminal's group: Ctrl-C must reach the runner alone. A dead runner still ends the box.
    detached: true,
  });
  give(child, 0, spec.stdin);
  give(
    child,
    ARGS_FD,
    bubblewrapArgs(spec, launch.sources)
      .map(word => `${word}\0`)
      .join(''),
  );
  give(child, FILTER_FD, filter ?? '');
  for (const [index, { content }] of files.entries()) give(child, FIRST_FILE_FD + index, content);
  return child;
}

const filter = seccompFilter(process.arch);

function give(child: ChildProcess, fd: number, content: string | Uint8Array): void {
  const pipe = child.stdio[fd] as Writable | null | undefined;
  // A command that does not read its input, or died, is no error of ours.
  pipe?.on('error', () => undefined);
  pipe?.end(content);
}

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

async function hasGitDir(workspaceDir: string | undefined): Promise<boolean> {
  if (workspaceDir === undefined) return false;
  return lstat(path.join(workspaceDir, '.git')).then(
    stats => stats.isDirectory(),
    () => false,
  );
}

interface Run {
  readonly spec: BoxSpec;
  readonly context: BoxContext;
  readonly child: ChildProcess;
  readonly group: ControlGroup | undefined;
}

async function supervise(run: Run): Promise<BoxResult> {
  const { spec, context, child, group } = run;
  const startedAt = performance.now();
  const box = boxProcess(child, STATUS_FD);
  const stop = stopper(box, spec.limits.killGraceMs);
  const release = armLimits(run, stop.because);
  const output = readOutput(child, spec.limits.outputBytesMax, {
    ...context,
    onActivity: bytes => {
      release.active();
      context.onActivity?.(bytes);
    },
    onOverflow: () => stop.because('output-limit'),
  });
  const exit = await box.ended;
  release.all();
  await stop.done();
  const memoryKills = await group?.memoryKills().catch(() => 0);
  return {
    ending: stop.ending() ?? (exit.started ? 'exited' : 'could-not-start'),
    ...(exit.exitCode !== undefined && { exitCode: exit.exitCode }),
    ...(exit.signal !== undefined && { signal: exit.signal }),
    durationMs: Math.round(performance.now() - startedAt),
    stdoutBytes: output.stdoutBytes(),
    stderrTail: output.stderrTail() + (exit.problem ?? ''),
    ...(memoryKills !== undefined && { memoryKills }),
  };
}

/** The first reason to stop is the one that is told. */
function stopper(box: BoxProcess, killGraceMs: number) {
  let reason: BoxEnding | undefined;
  let stopped: Promise<void> | undefined;
  return {
    because: (ending: BoxEnding) => {
      if (reason !== undefined) return;
      reason = ending;
      // What eats memory would go on during a grace.
      stopped = box.stop(ending === 'memory-limit' ? 0 : killGraceMs);
    },
    ending: () => reason,
    done: async () => stopped,
  };
}

/** Every way in which a run is ended from outside. */
function armLimits(run: Run, because: (ending: BoxEnding) => void) {
  const { limits, workspaceDir } = run.spec;
  const wallClock = setTimeout(() => because('wall-clock'), limits.wallClockMs);
  const silence =
    limits.silenceMs === undefined ? undefined : setTimeout(() => because('silence'), limits.silenceMs);
  const cancel = (): void => because('cancelled');
  run.context.signal?.addEventListener('abort', cancel, { once: true });
  if (run.context.signal?.aborted) cancel();
  const readOnly = workspaceDir === undefined || run.spec.workspaceAccess === 'read-only';
  const unwatch = readOnly
    ? undefined
    : watchWorkspace(workspaceDir, limits, () => because('workspace-limit'));
  const { memoryBytesMax } = limits;
  const { pid } = run.child;
  const unwatchMemory =
    run.group !== undefined || pid === undefined
      ? undefined
      : watchMemory({ pid, memoryBytesMax }, () => because('memory-limit'));
  return {
    active: () => silence?.refresh(),
    all: () => {
      clearTimeout(wallClock);
      clearTimeout(silence);
      run.context.signal?.removeEventListener('abort', cancel);
      unwatch?.();
      unwatchMemory?.();
    },
  };
}
