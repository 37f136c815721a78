/**
 * The thread of loop-watch.ts. Counts its own checks without a beat of the main thread: when the whole process was
 * stopped, it counts none. Plain JavaScript, so that it starts fast, from a checkout and from the build.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';

/** @typedef {{ pid: number, startedAt?: string } | { file: string, args: string[], environment: Record<string, string> }} Resort */
/** @typedef {{ resort: Resort, fired: Int32Array, checksMax: number }} Watch */

/** @type {{ beats: Int32Array, everyMs: number }} */
const { beats, everyMs } = workerData;
/** @type {Map<number, Watch>} */
const open = new Map();
let lastBeat = -1;
let missed = 0;

parentPort?.on(
  'message',
  (/** @type {{ id: number } & Partial<Watch>} */ { id, resort, fired, checksMax }) => {
    if (resort === undefined || fired === undefined || checksMax === undefined) open.delete(id);
    else open.set(id, { resort, fired, checksMax });
  },
);

setInterval(() => {
  const beat = Atomics.load(beats, 0);
  missed = beat === lastBeat ? missed + 1 : 0;
  lastBeat = beat;
  for (const [id, { resort, fired, checksMax }] of open) {
    if (missed < checksMax) continue;
    open.delete(id);
    Atomics.store(fired, 0, 1);
    end(resort);
  }
}, everyMs);

/** @param {Resort} resort */
function end(resort) {
  if ('pid' in resort) { endProcess(resort.pid, resort.startedAt); return; }
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
