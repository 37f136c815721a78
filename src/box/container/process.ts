/** Tracks a container from its start to its removal, and stops it so that no process survives. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

import { z } from 'zod';

import { waitUntil } from '../../host/wait.ts';
import type { BoxExit, BoxProcess } from '../started-box.ts';
import { type AfterLine, exitAfterLine, type ProcessExit } from './after-line.ts';
import { callEngine, type ContainerEngine, removeContainer } from './engine.ts';

export interface ContainerRun {
  /** The engine's command, which exits after the container. */
  readonly child: ChildProcess;
  readonly engine: ContainerEngine;
  readonly name: string;
  readonly stderr: AfterLine;
}

export interface ContainerProcess extends BoxProcess {
  /** A lower bound, after the end: engines report whether, not how often. Undefined for Podman. */
  memoryKills(): number | undefined;
}

/** Longest wait for a container to start; then the engine's command is killed instead. */
const START_MS = 20_000;
const DEATH_MS = 30_000;

export function containerProcess(run: ContainerRun): ContainerProcess {
  const { child, engine, name, stderr } = run;
  let over = false;
  let memoryKills = engine.name === 'podman' ? undefined : 0;
  const follow = async (): Promise<BoxExit> => {
    const exit = await engineExit(run);
    // A command that exits with 0 was not killed, so there is no need to ask.
    if (exit.exitCode !== 0 && (await ranOutOfMemory(engine, name))) memoryKills = 1;
    await removed(engine, name);
    return exit;
  };
  const ended = follow().finally(() => (over = true));
  return {
    ended,
    memoryKills: () => memoryKills,
    stop: async graceMs => {
      await waitUntil(() => over || stderr.hasStarted(), START_MS);
      if (!stderr.hasStarted()) child.kill('SIGKILL');
      else await end(engine, name, { graceMs, over: () => over || hasEnded(child) });
      if (!(await waitUntil(() => over || hasEnded(child), DEATH_MS))) child.kill('SIGKILL');
      await ended;
    },
  };
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function engineExit({ child, stderr }: ContainerRun): Promise<BoxExit> {
  try {
    return await exitAfterLine(stderr, (await once(child, 'close')) as ProcessExit);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall?.startsWith('spawn') !== true) throw error;
    return { started: false, problem: (error as Error).message };
  }
}

interface End {
  readonly graceMs: number;
  readonly over: () => boolean;
}

/** The init forwards TERM to the command. When the init dies, the kernel kills everything else and waits for it. */
async function end(engine: ContainerEngine, name: string, { graceMs, over }: End): Promise<void> {
  if (graceMs > 0) await callEngine(engine, ['kill', '--signal', 'TERM', name]);
  await waitUntil(over, graceMs);
  if (!over()) await callEngine(engine, ['kill', '--signal', 'KILL', name]);
}

const containersSchema = z.tuple([z.object({ State: z.object({ OOMKilled: z.boolean() }) })]);

async function ranOutOfMemory(engine: ContainerEngine, name: string): Promise<boolean> {
  const { ok, stdout } = await callEngine(engine, ['container', 'inspect', name]);
  return ok && containersSchema.parse(JSON.parse(stdout))[0].State.OOMKilled;
}

/** A run has not ended while its container exists. */
async function removed(engine: ContainerEngine, name: string): Promise<void> {
  const { ok, problem } = await removeContainer(engine, name);
  if (!ok && !/no such container|no container with/i.test(problem))
    throw new Error(`cannot remove the container ${name}: ${problem}`);
}
