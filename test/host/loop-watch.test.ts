/** What a process runs ends when its event loop stands still, and only then. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import { type LastResort, type LoopWatch, openLoopWatch } from '../../src/host/loop-watch.ts';
import { isRunning, temporaryFolder } from '../local/support.ts';
import { until } from '../support/until.ts';

const STANDSTILL_MS = 500;

/** Keeps the event loop of this process until the condition holds. */
function standStillUntil(condition: () => boolean, limitMs = 20_000): void {
  const cell = new Int32Array(new SharedArrayBuffer(4));
  const deadline = Date.now() + limitMs;
  while (!condition() && Date.now() < deadline) Atomics.wait(cell, 0, 0, 20);
}

function sleeper(): number {
  return spawn('sleep', ['600'], { stdio: 'ignore' }).pid ?? 0;
}

async function watchLoop(lastResort: LastResort): Promise<LoopWatch> {
  const watch = await openLoopWatch(STANDSTILL_MS);
  watch.ends(lastResort);
  return watch;
}

test('a process is killed while the loop stands still', async () => {
  const pid = sleeper();
  const watch = await watchLoop({ pid });
  standStillUntil(() => !isRunning(pid));
  expect(isRunning(pid)).toBe(false);
  expect(watch.fired()).toBe(true);
  watch.release();
});

test('a command is started while the loop stands still', async () => {
  const folder = temporaryFolder();
  const file = folder.file('ended');
  const watch = await watchLoop({ file: '/bin/sh', args: ['-c', '> "$1"', 'sh', file], environment: {} });
  standStillUntil(() => existsSync(file));
  expect(existsSync(file)).toBe(true);
  watch.release();
  folder.remove();
});

test('a process lives on while the loop runs, and after it is no longer watched', async () => {
  const [watched, released, late] = [sleeper(), sleeper(), sleeper()];
  const watch = await watchLoop({ pid: watched });
  (await watchLoop({ pid: released })).release();
  const startedAt = performance.now();
  await until('more than a standstill', () => performance.now() - startedAt > 3 * STANDSTILL_MS || undefined);
  expect([watched, released].map(isRunning)).toEqual([true, true]);
  const second = await watchLoop({ pid: late });
  // Both end together: the thread sees the standstill of one loop.
  standStillUntil(() => !isRunning(watched) && !isRunning(late));
  expect([watched, released, late].map(isRunning)).toEqual([false, true, false]);
  expect([watch.fired(), second.fired()]).toEqual([true, true]);
  watch.release();
  second.release();
  process.kill(released, 'SIGKILL');
});

// While a thread starts, V8 opens /proc/self/maps for a moment: without the wait, about one child in 500 inherited it.
test('what is started after it was opened inherits no file of the start of its thread', async () => {
  const inherited = new Set<string>();
  for (let round = 0; round < 10; round += 1) {
    const watch = await openLoopWatch();
    const children = await Promise.all(Array.from({ length: 12 }, filesOfChild));
    for (const file of children.flat()) inherited.add(file);
    watch.release();
  }
  expect([...inherited]).toEqual(['/dev/null']);
});

/** What a child has open, except its pipes. */
async function filesOfChild(): Promise<readonly string[]> {
  const child = spawn('/bin/sh', ['-c', 'readlink /proc/$$/fd/*'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const files = (await text(child.stdout)).split('\n');
  return files.filter(file => file !== '' && !/^(?:pipe|socket):/.test(file));
}
