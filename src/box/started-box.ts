/** A box under way, however it was made: what the supervision of a run needs of it. */
import type { BoxOutput } from './output.ts';

export interface StartedBox {
  readonly output: BoxOutput;
  readonly process: BoxProcess;
  /** The process that the box descends from, where nothing of the kernel bounds its memory as a whole. */
  readonly memoryUnboundPid?: number;
  /** After the end; undefined where nobody counts. */
  memoryKills(): Promise<number | undefined>;
  /** After the end: takes away what was made for it. */
  clear(): Promise<void>;
}

export interface BoxProcess {
  /** Resolves when the launcher has ended, its output is read and everything in the box is dead. */
  readonly ended: Promise<BoxExit>;
  /** TERM, then KILL when `graceMs` is over; resolves when it is dead. */
  stop(graceMs: number): Promise<void>;
}

export interface BoxExit {
  /** False when the command was never started. */
  readonly started: boolean;
  readonly exitCode?: number;
  readonly signal?: string;
  /** Why it was not started, as far as standard error does not say so. */
  readonly problem?: string;
}
