/** Supervises a started box of any kind: its output, its limits and its end. */
import { openLoopWatch, STANDSTILL_MS } from '../host/loop-watch.ts';
import { watchWorkspace } from './disk-watch.ts';
import { watchMemory } from './memory-watch.ts';
import { readOutput, type OutputListeners } from './output.ts';
import type { BoxEnding, BoxResult, BoxSpec } from './spec.ts';
import type { BoxExit, BoxProcess, StartedBox } from './started-box.ts';
import { BoxUnwatched } from './unwatched.ts';

export interface SupervisedContext extends OutputListeners {
  /** Aborting ends the run: TERM, then KILL after the grace. */
  readonly signal?: AbortSignal;
}

export interface StartOfRun {
  readonly spec: BoxSpec;
  readonly context: SupervisedContext;
  readonly start: () => Promise<StartedBox>;
}

interface SupervisedRun extends Omit<StartOfRun, 'start'> {
  readonly box: StartedBox;
}

/** Returns when every process in the box is dead and all its files are removed. Throws `BoxUnwatched`. */
export async function superviseBox({ start, ...run }: StartOfRun): Promise<BoxResult> {
  const loop = await openLoopWatch();
  try {
    const box = await start();
    if (box.lastResort !== undefined) loop.ends(box.lastResort);
    const result = await supervise({ ...run, box }).finally(() => box.clear());
    if (loop.fired())
      throw new BoxUnwatched(`this process stood still for ${STANDSTILL_MS} ms; the box was ended`);
    return result;
  } finally {
    loop.release();
  }
}

/** `why` is text for people; standard error stays empty. */
export function notStarted(ending: BoxEnding, why: string): BoxResult {
  return { ending, durationMs: 0, stdoutBytes: 0, stderrTail: '', ...(why !== '' ? { problem: why } : {}) };
}

async function supervise(run: SupervisedRun): Promise<BoxResult> {
  const { spec, context, box } = run;
  const startedAt = performance.now();
  const stop = stopper(box.process, spec.limits.killGraceMs);
  const release = armLimits(run, stop.because);
  const output = readOutput(box.output, spec.limits, {
    ...context,
    onActivity: bytes => {
      release.active();
      context.onActivity?.(bytes);
    },
    onOverflow: () => stop.because('output-limit'),
  });
  // A listener threw: that is a bug, and the box must not outlive it.
  output.ended.catch(() => stop.because('cancelled'));
  const exit = await box.process.ended.finally(release.all);
  await stop.done();
  await output.ended;
  const memoryKills = await box.memoryKills();
  return {
    ...endingOf(stop.ending(), exit, output.stderrTail()),
    ...(exit.exitCode !== undefined ? { exitCode: exit.exitCode } : {}),
    ...(exit.signal !== undefined ? { signal: exit.signal } : {}),
    durationMs: Math.round(performance.now() - startedAt),
    stdoutBytes: output.stdoutBytes(),
    ...(memoryKills !== undefined ? { memoryKills } : {}),
  };
}

/** If the box never started, standard error comes from the launcher, not from the command, and becomes the problem. */
function endingOf(
  reason: BoxEnding | undefined,
  { started, problem = '' }: BoxExit,
  stderrTail: string,
): Pick<BoxResult, 'ending' | 'problem' | 'stderrTail'> {
  const ending = reason ?? (started ? 'exited' : 'could-not-start');
  return ending === 'could-not-start'
    ? { ending, stderrTail: '', problem: stderrTail + problem }
    : { ending, stderrTail: stderrTail + problem };
}

/** Reports the first reason to stop. */
function stopper(box: BoxProcess, killGraceMs: number) {
  let reason: BoxEnding | undefined;
  let stopped: Promise<void> | undefined;
  return {
    because: (ending: BoxEnding) => {
      if (reason !== undefined) return;
      reason = ending;
      // No grace: the box would allocate more memory.
      stopped = box.stop(ending === 'memory-limit' ? 0 : killGraceMs);
    },
    ending: () => reason,
    done: async () => stopped,
  };
}

/** Starts every limit and watch that can end a run from outside. */
function armLimits(run: SupervisedRun, because: (ending: BoxEnding) => void) {
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
  const pid = run.box.memoryUnboundPid;
  const unwatchMemory =
    pid === undefined ? undefined : watchMemory({ pid, memoryBytesMax }, () => because('memory-limit'));
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
