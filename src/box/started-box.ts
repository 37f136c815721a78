/** A box under way, however it was made: what the supervision of a run needs of it. */
import type { BoxOutput } from './output.ts';
import type { BoxProcess } from './bubblewrap/process.ts';

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
