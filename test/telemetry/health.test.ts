/** The health of a process: a cause for each part that does not work, and never longer to answer than its bound. */
import { expect, test } from '@jest/globals';
import { createHealth } from '../../src/telemetry/health.ts';

const limits = { checkTimeoutMs: 50, keptMs: 0 };

test('no cause while every part works', async () => {
  const health = createHealth(limits);
  health.watch('one', () => undefined);
  health.watch('two', async () => await Promise.resolve(undefined));
  expect(await health.causes()).toEqual([]);
});

test('one line for each part that does not work, also for one that throws', async () => {
  const health = createHealth(limits);
  health.watch('store', () => 'cannot be\nread');
  health.watch('temporal', async () => await Promise.reject(new Error('refused')));
  health.watch('fine', () => undefined);
  expect(await health.causes()).toEqual(['store: cannot be read', 'temporal: refused']);
});

test('a cause is one plain line, whatever a server said', async () => {
  const health = createHealth(limits);
  health.watch('temporal', () => 'said\u001b[2J\u009b31m \u202e\r\n healthz: ok');
  expect(await health.causes()).toEqual(['temporal: said [2J 31m healthz: ok']);
});

test('a part that does not answer in time is a cause', async () => {
  const health = createHealth(limits);
  health.watch('temporal', async () => await new Promise(() => undefined));
  expect(await health.causes()).toEqual(['temporal: no answer within 50 ms']);
});

test('a later check of the same name replaces the earlier one', async () => {
  const health = createHealth(limits);
  health.watch('process', () => 'it is starting');
  health.watch('process', () => undefined);
  expect(await health.causes()).toEqual([]);
});

test('an answer is used again for a while, so that asking often costs nothing', async () => {
  let asked = 0;
  const health = createHealth({ ...limits, keptMs: 60_000 });
  health.watch('part', () => void (asked += 1));
  await Promise.all([health.causes(), health.causes()]);
  await health.causes();
  expect(asked).toBe(1);
});
