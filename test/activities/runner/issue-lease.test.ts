/** A second attempt of an issue never begins while a box of the first one lives, whatever happens to the first runner. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { sweepLeases, withIssueLease } from '../../../src/activities/runner/issue-lease.ts';
import { HEARTBEAT_INTERVAL_MS } from '../../../src/activities/runner/with-heartbeat.ts';
import { STANDSTILL_MS } from '../../../src/host/loop-watch.ts';
import { RUN } from '../../../src/workflows/activity-options.ts';
import { processesWith, rareSeconds } from '../../box/support/processes.ts';
import { eventually, isRunning, temporaryFolder, textOf, type Folder } from '../../local/support.ts';
import { until } from '../../support/until.ts';

let folder: Folder;
beforeEach(() => void (folder = temporaryFolder()));
afterEach(() => folder.remove());

const issue = { owner: 'octo', repo: 'app', number: 7 };
const other = { ...issue, number: 8 };
const heartbeat = { signal: new AbortController().signal, setDetails: () => undefined };
const plan = () => ({ leasesDir: folder.file('leases'), issue, heartbeat });

describe('in one runner', () => {
  test('a second attempt waits for the end of the first, says so, and others need not wait', async () => {
    const order: string[] = [];
    const said: unknown[] = [];
    let end: () => void = () => undefined;
    const first = withIssueLease(plan(), async () => {
      await new Promise<void>(resolve => (end = resolve));
      order.push('first ended');
    });
    const second = withIssueLease(
      { ...plan(), heartbeat: { ...heartbeat, setDetails: detail => said.push(detail) } },
      () => Promise.resolve(void order.push('second began')),
    );
    await withIssueLease({ ...plan(), issue: other }, () => Promise.resolve(void order.push('other began')));
    await until('it waits', () => said[0]);
    end();
    await Promise.all([first, second]);
    expect(order).toEqual(['other began', 'first ended', 'second began']);
    expect(said).toEqual([{ doing: 'waiting', text: 'an earlier attempt of this issue has not ended yet' }]);
    expect(readdirSync(folder.file('leases'))).toEqual([]);
  });

  test('a second attempt that is cancelled stops waiting, and one that waits too long is refused by name', async () => {
    const stop = new AbortController();
    let end: () => void = () => undefined;
    const first = withIssueLease(plan(), () => new Promise<void>(resolve => (end = resolve)));
    const work = () => Promise.reject(new Error('it began'));
    const cancelled = withIssueLease({ ...plan(), heartbeat: { ...heartbeat, signal: stop.signal } }, work);
    stop.abort();
    await expect(cancelled).rejects.toMatchObject({ name: 'AbortError' });
    await expect(withIssueLease({ ...plan(), waitMs: 0 }, work)).rejects.toMatchObject({
      failure: 'RunnerFailed',
      message: `an earlier attempt of this issue still runs on this host, in process ${process.pid}`,
    });
    end();
    await first;
  });
});

test('a box that nobody watches is dead before Temporal gives its run up', () => {
  const timeoutMs = 1_000 * Number(/^(\d+) seconds$/.exec(String(RUN.heartbeatTimeout))?.[1]);
  // Temporal's SDK holds a heartbeat back for a second at most.
  expect(HEARTBEAT_INTERVAL_MS + 1_000 + STANDSTILL_MS).toBeLessThan(timeoutMs);
});

test('a lease lasts as long as the boxes of a runner that has died', async () => {
  const box = spawn('sleep', ['600'], { stdio: 'ignore' });
  const script = `
    import { acquireFileLock } from './src/host/file-lock.ts';
    const { lock } = acquireFileLock(${JSON.stringify(folder.file('leases/octo.app.7.lease'))});
    lock.addHolder(${box.pid});`;
  const runner = spawn(
    process.execPath,
    ['--import', './test/support/typescript.mjs', '--input-type=module', '-e', script],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  expect(await once(runner, 'exit')).toEqual([0, null]);
  let began = false;
  const second = withIssueLease(plan(), () => Promise.resolve(void (began = true)));
  await sweepLeases(folder.file('leases'));
  expect([began, isRunning(box.pid ?? 0)]).toEqual([false, true]);
  box.kill('SIGKILL');
  await second;
  expect(began).toBe(true);
});

describe('with a box', () => {
  const runners: ChildProcess[] = [];
  afterEach(() => runners.splice(0).forEach(runner => runner.kill('SIGKILL')));

  /** Another runner, with a box that sleeps for these seconds. */
  async function runner(how: 'still' | 'alive', seconds: string): Promise<ChildProcess> {
    const program = new URL('programs/standing-still.ts', import.meta.url).pathname;
    const ready = folder.file('ready');
    const args = ['--import', './test/support/typescript.mjs', program];
    const child = spawn(process.execPath, [...args, folder.file('leases'), ready, how], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, SECONDS: seconds },
    });
    runners.push(child);
    await eventually('a running box', () => textOf(ready) !== '', 30_000);
    return child;
  }

  test('of a runner whose loop stands still, the box is ended, and no second attempt begins before', async () => {
    const seconds = rareSeconds();
    const first = await runner('still', seconds);
    let boxesAtBegin: readonly number[] | undefined;
    const second = withIssueLease(plan(), async () => void (boxesAtBegin = await processesWith(seconds)));
    await until('the end of the box', async () => (await processesWith(seconds)).length === 0 || undefined);
    // The runner itself could still go on.
    expect([isRunning(first.pid ?? 0), boxesAtBegin]).toEqual([true, undefined]);
    first.kill('SIGKILL');
    await second;
    expect(boxesAtBegin).toEqual([]);
  });

  test('of a runner whose loop runs, the box lives on; and when the runner is killed, the second attempt finds none', async () => {
    const seconds = rareSeconds();
    const first = await runner('alive', seconds);
    let boxesAtBegin: readonly number[] | undefined;
    const second = withIssueLease(plan(), async () => void (boxesAtBegin = await processesWith(seconds)));
    const startedAt = performance.now();
    await until('more than a standstill', () => performance.now() - startedAt > 8_000 || undefined);
    expect((await processesWith(seconds)).length).toBeGreaterThan(0);
    expect(boxesAtBegin).toBeUndefined();
    first.kill('SIGKILL');
    await second;
    expect(boxesAtBegin).toEqual([]);
  });
});
