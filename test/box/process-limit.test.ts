/** The process limit counts only the box's processes: other processes of its user on the host do not use it up. */
import { type ChildProcess, spawn } from 'node:child_process';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { countsInNamespaces, processLimit, threadsOf } from '../../src/box/process-limit.ts';
import { failedProbes, selfTest } from '../../src/box/self-test.ts';
import { waitUntil } from '../../src/host/wait.ts';
import { shell, tier } from './support/box.ts';

const OTHERS = 150;
const uid = tier.boxUid ?? process.getuid?.() ?? 0;

describe('while its user has many processes on the host', () => {
  let others: ChildProcess;
  beforeAll(async () => {
    // Each waits for the end of its input, which this test closes.
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

  test('a box with a lower limit starts and passes the self-test', async () => {
    expect(failedProbes(await selfTest(tier))).toEqual([]);
  });

  test.each([
    [60, true],
    [20, false],
  ])('a box can start thirty processes with a limit of %d: %s', async (processesMax, fits) => {
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
])('the kernel %s counts per user namespace: %s', (kernel, counts) => {
  expect(countsInNamespaces(kernel)).toBe(counts);
});

test('the limit is set either outside or inside the box, not both', async () => {
  const { outside, inside } = await processLimit(40, uid);
  expect([outside.length === 0, inside.length === 0].toSorted()).toEqual([false, true]);
});
