/**
 * The thread of loop-watch.ts. Adds up the time between its own checks without a beat of the main thread; while the whole
 * process is stopped, no time counts. Plain JavaScript, so that it starts fast, from a checkout and from the build.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';

/** @typedef {{ pid: number, startedAt?: string } | { file: string, args: string[], environment: Record<string, string> }} Resort */
/** @typedef {{ resort: Resort, fired: Int32Array, standstillMs: number }} Watch */

/** @type {{ beats: Int32Array, everyMs: number }} */
const { beats, everyMs } = workerData;
/** @type {Map<number, Watch>} */
const open = new Map();
let lastBeat = -1;
let stillMs = 0;
let checkedAt = performance.now();

parentPort?.on(
  'message',
  (/** @type {{ id: number } & Partial<Watch>} */ { id, resort, fired, standstillMs }) => {
    if (resort === undefined || fired === undefined || standstillMs === undefined) open.delete(id);
    else open.set(id, { resort, fired, standstillMs });
  },
);

setInterval(() => {
  const beat = Atomics.load(beats, 0);
  const now = performance.now();
  stillMs = beat === lastBeat ? stillMs + Math.min(now - checkedAt, 2 * everyMs) : 0;
  [lastBeat, checkedAt] = [beat, now];
  for (const [id, { resort, fired, standstillMs }] of open) {
    if (stillMs < standstillMs) continue;
    open.delete(id);
    Atomics.store(fired, 0, 1);
    end(resort);
  }
}, everyMs);

/** @param {Resort} resort */
function end(resort) {
  if ('pid' in resort) {
    endProcess(resort.pid, resort.startedAt);
    return;
  }
  const { file, args, environment } = resort;
  spawn(file, args, { env: environment, stdio: 'ignore', detached: true }).on('error', () => undefined);
}

/**
 * The main thread has not reaped it, so its id is still its own; the start time makes sure.
 * @param {number} pid
 * @param {string | undefined} startedAt
 */
function endProcess(pid, startedAt) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[19] === startedAt) process.kill(pid, 'SIGKILL');
  } catch {
    // It has already exited.
  }
}
