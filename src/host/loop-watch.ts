/**
 * Ends what this process runs when its event loop stands still. Everything that limits a box (timers, heartbeats, the
 * watches of memory and disk) runs on that loop, so nothing may go on while it does not. The watch is a thread: no stream,
 * no parser and no garbage collection of the main thread delays it.
 */
import { Worker } from 'node:worker_threads';

import { processIdentity } from './process-identity.ts';

/** How to end it without this process's event loop. */
export type LastResort =
  | { readonly pid: number }
  | {
      readonly file: string;
      readonly args: readonly string[];
      readonly environment: Readonly<Record<string, string>>;
    };

export interface LoopWatch {
  /** From now on, it ends when the loop stands still. */
  ends(lastResort: LastResort): void;
  /** Whether the thread had to end it. */
  fired(): boolean;
  release(): void;
}

/**
 * Less than the heartbeat timeout of a run without one interval of its heartbeats: when Temporal gives a run up because
 * its runner stands still, the box is dead.
 */
export const STANDSTILL_MS = 6_000;

const CHECK_MS = 250;

/**
 * Open it before the start of what it will end: it resolves when its thread runs. While a thread starts, V8 has files open
 * that are not marked close-on-exec (`/proc/self/maps` in V8 11.3), and a process that starts meanwhile inherits them.
 */
export async function openLoopWatch(standstillMs = STANDSTILL_MS): Promise<LoopWatch> {
  const { worker, open, runs } = (thread ??= startThread());
  const fired = new Int32Array(new SharedArrayBuffer(4));
  const id = (lastId += 1);
  open.add(id);
  await runs;
  return {
    ends: lastResort => {
      const resort = 'pid' in lastResort ? processIdentity(lastResort.pid) : lastResort;
      worker.postMessage({ id, resort, fired, standstillMs });
    },
    fired: () => Atomics.load(fired, 0) === 1,
    release: () => {
      if (!open.delete(id)) return;
      worker.postMessage({ id });
      if (open.size === 0) endThread();
    },
  };
}

interface Thread {
  readonly worker: Worker;
  readonly open: Set<number>;
  readonly runs: Promise<void>;
  readonly end: () => void;
}

let lastId = 0;
/** One for this process, while it has a watch. */
let thread: Thread | undefined;

function endThread(): void {
  thread?.end();
  thread = undefined;
}

function startThread(): Thread {
  const beats = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(new URL('loop-watch-thread.mjs', import.meta.url), {
    workerData: { beats, everyMs: CHECK_MS },
    // Neither loaders nor settings of this process.
    ...{ execArgv: [], env: {} },
  });
  // Once it runs, it must not keep this process alive. An error of it ends this process, and with it all its boxes.
  const runs = new Promise<void>(resolve => {
    worker.once('online', () => {
      worker.unref();
      resolve();
    });
  });
  const beating = setInterval(() => Atomics.add(beats, 0, 1), CHECK_MS).unref();
  const end = (): void => {
    clearInterval(beating);
    void worker.terminate();
  };
  return { worker, open: new Set(), runs, end };
}
