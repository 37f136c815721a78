/** How a box made of the agent's own sandbox ends: nothing survives the command, the limit, Codex, the runner. */
import { expect, test } from '@jest/globals';

import { waitUntil } from '../../../src/host/wait.ts';
import { testEnds } from '../support/ends.ts';
import { processesWith } from '../support/processes.ts';
import { inSandboxes, isClean, marker, runnerWithBox, sandboxTier } from '../support/sandbox-stage.ts';

inSandboxes('nothing is left of', stage => {
  testEnds({ run: stage.run, marker, wallClockMs: 1500 });

  test('a box whose Codex is killed from outside', async () => {
    const running = stage.run(`trap '' TERM; setsid sleep ${marker} & sleep ${marker}`);
    expect(await waitUntil(async () => (await processesWith(marker)).length >= 2, 5000)).toBe(true);
    const [launcher = 0] = await processesWith(stage.workspace().dir);
    process.kill(launcher, 'SIGKILL');
    expect(await running).toMatchObject({ ending: 'exited', signal: 'SIGKILL' });
  });

  test.each([
    ['', ''],
    [', while processes come and go', 'for i in 1 2 3; do while :; do /bin/true; done & done;'],
  ])('the box of a runner that is killed, by its guard%s', async (_, beside) => {
    const { kill } = await runnerWithBox(beside);
    await kill();
    expect(await waitUntil(isClean, 20_000, 100)).toBe(true);
  });

  test('the box of a runner that is killed with its guard, when the next one starts', async () => {
    const { kill, guards } = await runnerWithBox();
    const found = await guards();
    expect(found).toHaveLength(1);
    for (const pid of found) process.kill(pid, 'SIGKILL');
    await kill();
    expect(await processesWith(marker)).not.toEqual([]);
    await sandboxTier();
    expect(await waitUntil(isClean, 5000, 100)).toBe(true);
  });
});
