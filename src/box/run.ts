/** Runs one command in the box and comes back only when every process in it is dead. */
import { startAgentSandbox } from './agent-sandbox/start.ts';
import { startBubblewrap } from './bubblewrap/start.ts';
import { startContainer } from './container/start.ts';
import { watchWorkspace } from './disk-watch.ts';
import type { BoxProcess } from './bubblewrap/process.ts';
import { watchMemory } from './memory-watch.ts';
import { readOutput, type OutputListeners } from './output.ts';
import type { BoxEnding, BoxResult, BoxSpec } from './spec.ts';
import type { StartedBox } from './started-box.ts';
import { takesOverlays } from './takes-overlays.ts';
import type { BoxTier, NoTier } from './tier.ts';

export interface BoxContext extends OutputListeners {
  readonly tier: BoxTier;
  /** Aborting ends the run: TERM, then KILL after the grace. */
  readonly signal?: AbortSignal;
}

/** The one door of every kind of box. */
export async function runInBox(spec: BoxSpec, context: BoxContext): Promise<BoxResult> {
  const { tier } = context;
  if (context.signal?.aborted) return notStarted('cancelled', '');
  if (tier.name === 'none')
    return notStarted('could-not-start', tier.problems.map(problem => problem.what).join('; '));
  if ((spec.overlays ?? []).length > 0 && !takesOverlays(tier))
    return notStarted('could-not-start', `a ${tier.name} box of this user takes no overlays`);
  const box = await start(spec, tier);
  try {
    return await supervise({ spec, context, box });
  } finally {
    await box.clear();
  }
}

function start(spec: BoxSpec, tier: Exclude<BoxTier, NoTier>): Promise<StartedBox> {
  switch (tier.name) {
    case 'bubblewrap':
      return startBubblewrap(spec, tier);
    case 'container':
      return startContainer(spec, tier);
    case 'agent-sandbox':
      return startAgentSandbox(spec, tier);
  }
}

function notStarted(ending: BoxEnding, stderrTail: string): BoxResult {
  return { ending, durationMs: 0, stdoutBytes: 0, stderrTail };
}

interface Run {
  readonly spec: BoxSpec;
  readonly context: BoxContext;
  readonly box: StartedBox;
}

async function supervise(run: Run): Promise<BoxResult> {
  const { spec, context, box } = run;
  const startedAt = performance.now();
  const stop = stopper(box.process, spec.limits.killGraceMs);
  const release = armLimits(run, stop.because);
  const output = readOutput(box.output, spec.limits.outputBytesMax, {
    ...context,
    onActivity: bytes => {
      release.active();
      context.onActivity?.(bytes);
    },
    onOverflow: () => stop.because('output-limit'),
  });
  const exit = await box.process.ended.finally(release.all);
  await stop.done();
  const memoryKills = await box.memoryKills();
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
