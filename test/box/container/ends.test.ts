/** The end of container boxes on real engines: no process survives the command, the limit or the runner. */
import { readFile } from 'node:fs/promises';

import { expect, test } from '@jest/globals';

import { waitUntil } from '../../../src/host/wait.ts';
import { containerTier, inContainers, isClean, marker, runnerWithBox } from '../support/container-stage.ts';
import { testEnds } from '../support/ends.ts';
import { processesWith } from '../support/processes.ts';

inContainers('nothing is left of', stage => {
  const { engine } = stage;

  testEnds({ run: stage.run, marker, wallClockMs: 2500 });

  test('the box of a killed runner, thanks to its guard', async () => {
    const { kill } = await runnerWithBox(engine);
    await kill();
    expect(await waitUntil(() => isClean(engine), 20_000, 100)).toBe(true);
  });

  test('the box of a runner that was killed with its guard, once the next runner starts', async () => {
    const { kill, container } = await runnerWithBox(engine);
    const guards = await processesWith(container);
    for (const pid of guards) if (await isGuard(pid)) process.kill(pid, 'SIGKILL');
    await kill();
    // Until then it keeps running, with its limits on memory and processes, but without a time limit.
    expect(await processesWith(marker)).not.toEqual([]);
    await containerTier(engine);
    expect(await waitUntil(() => isClean(engine), 5000, 100)).toBe(true);
  });
});

async function isGuard(pid: number): Promise<boolean> {
  const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
  return words.includes('guard');
}
