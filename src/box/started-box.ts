/** A running box of any kind, as the supervision of a run needs it. */
import type { LastResort } from '../host/loop-watch.ts';
import type { BoxOutput } from './output.ts';

export interface StartedBox {
  readonly output: BoxOutput;
  readonly process: BoxProcess;
  /** Absent if it was never started. */
  readonly lastResort?: LastResort;
  /** The root process of the box. Set only if the kernel does not limit the memory of the whole box. */
  readonly memoryUnboundPid?: number;
  /** Call it after the end. Undefined where the number is unknown. */
  memoryKills(): Promise<number | undefined>;
  /** Call it after the end. Removes everything that was created for the box. */
  clear(): Promise<void>;
}

export interface BoxProcess {
  /** Resolves when the launcher has exited, its output is read and every process in the box is dead. */
  readonly ended: Promise<BoxExit>;
  /** Sends TERM, then KILL after `graceMs`. Resolves when the box is dead. */
  stop(graceMs: number): Promise<void>;
}

export interface BoxExit {
  /** False when the command was never started. */
  readonly started: boolean;
  readonly exitCode?: number;
  readonly signal?: string;
  /** Why it was not started, if standard error does not say so. */
  readonly problem?: string;
}
