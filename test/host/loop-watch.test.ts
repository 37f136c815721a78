/** What a process runs ends when its event loop stands still, and only then. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { watchLoop } from '../../src/host/loop-watch.ts';
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

test('a process is killed while the loop stands still', () => {
  const pid = sleeper();
  const watch = watchLoop({ pid }, STANDSTILL_MS);
  standStillUntil(() => !isRunning(pid));
  expect(isRunning(pid)).toBe(false);
  expect(watch.fired()).toBe(true);
  watch.release();
});

test('a command is started while the loop stands still', () => {
  const folder = temporaryFolder();
  const file = folder.file('ended');
  const watch = watchLoop(
    { file: '/bin/sh', args: ['-c', '> "$1"', 'sh', file], environment: {} },
    STANDSTILL_MS,
  );
  standStillUntil(() => existsSync(file));
  expect(existsSync(file)).toBe(true);
  watch.release();
  folder.remove();
});

test('a process lives on while the loop runs, and after it is no longer watched', async () => {
  const [watched, released, late] = [sleeper(), sleeper(), sleeper()];
  const watch = watchLoop({ pid: watched }, STANDSTILL_MS);
  watchLoop({ pid: released }, STANDSTILL_MS).release();
  const startedAt = performance.now();
  await until('more than a standstill', () => performance.now() - startedAt > 3 * STANDSTILL_MS || undefined);
  expect([watched, released].map(isRunning)).toEqual([true, true]);
  const second = watchLoop({ pid: late }, STANDSTILL_MS);
  // Both end together: the thread sees the standstill of one loop.
  standStillUntil(() => !isRunning(watched) && !isRunning(late));
  expect([watched, released, late].map(isRunning)).toEqual([false, true, false]);
  expect([watch.fired(), second.fired()]).toEqual([true, true]);
  watch.release();
  second.release();
  process.kill(released, 'SIGKILL');
});
