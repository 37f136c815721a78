/** A box's number of processes is its own: whatever else its user has on the host neither fills it up nor keeps boxes from starting. */
import { type ChildProcess, spawn } from 'node:child_process';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { countsInNamespaces, processLimit, threadsOf } from '../../src/box/process-limit.ts';
import { failedProbes, selfTest } from '../../src/box/self-test.ts';
import { waitUntil } from '../../src/host/wait.ts';
import { shell, tier } from './support/box.ts';

const OTHERS = 150;
const uid = tier.boxUid ?? process.getuid?.() ?? 0;

describe('beside many processes of its user', () => {
  let others: ChildProcess;
  beforeAll(async () => {
    // Each waits for the end of its input, and so for that of this test.
    const script = `n=0; while [ $n -lt ${OTHERS} ]; do (exec cat) & n=$((n + 1)); done; wait`;
    others = spawn('sh', ['-c', `exec 3<&0; ${script.replace('cat', 'cat <&3')}`], {
      stdio: ['pipe', 'ignore', 'inherit'],
      ...(process.getuid?.() === 0 ? { uid, gid: uid } : {}),
    });
    expect(await waitUntil(async () => (await threadsOf(uid)) > OTHERS, 20_000)).toBe(true);
  });
  afterAll(async () => {
    const ended = new Promise(resolve => others.once('exit', resolve));
    others.stdin?.end();
    await ended;
  });

  test('a box starts and holds, although it may have fewer itself', async () => {
    expect(failedProbes(await selfTest(tier))).toEqual([]);
  });

  test.each([
    [60, true],
    [20, false],
  ])('thirty of its own, where %d are allowed', async (processesMax, fits) => {
    const run = await shell('', {
      command: 'sh',
      args: ['-c', 'n=0; while [ $n -lt 30 ]; do sleep 1 & n=$((n + 1)); done; exit 0'],
      limits: { processesMax },
    });
    expect([run.ending, run.exitCode === 0]).toEqual(['exited', fits]);
  });
});

test.each([
  ['4.18.0-553.el8', false],
  ['5.10.0-28-amd64', false],
  ['5.14.0-427.el9', true],
  ['6.1.0', true],
])('the kernel %s counts in each user namespace: %s', (kernel, counts) => {
  expect(countsInNamespaces(kernel)).toBe(counts);
});

test('the limit is put on one side, not on both', async () => {
  const { outside, inside } = await processLimit(40, uid);
  expect([outside.length === 0, inside.length === 0].toSorted()).toEqual([false, true]);
});
