/** How the container box ends on real engines: nothing survives the command, the limit, the runner. */
import { readFile } from 'node:fs/promises';

import { expect, test } from '@jest/globals';

import { waitUntil } from '../../../src/box/wait.ts';
import { containerTier, inContainers, isClean, marker, runnerWithBox } from '../support/container-stage.ts';
import { processesWith, stubborn } from '../support/processes.ts';

inContainers('nothing is left of', stage => {
  const { engine } = stage;

  test.each(stubborn(marker))('%s, after TERM, the grace and KILL', async (_, script) => {
    const run = await stage.run(script, { limits: { wallClockMs: 2500, killGraceMs: 300 } });
    expect(run.ending).toBe('wall-clock');
    expect(run.durationMs).toBeLessThan(2500 + 5000);
  });

  test('a daemon, when its command has ended well', async () => {
    const run = await stage.run(`setsid sleep ${marker} > /dev/null 2>&1 & sleep 0.2; echo started`);
    expect(run).toMatchObject({ ending: 'exited', exitCode: 0, stdout: 'started\n' });
  });

  test('a run that is called off before it has started', async () => {
    const stop = new AbortController();
    const run = stage.run(`sleep ${marker}`, { signal: stop.signal });
    stop.abort();
    expect((await run).ending).toBe('cancelled');
  });

  test('the box of a runner that is killed, by its guard', async () => {
    const { kill } = await runnerWithBox(engine);
    await kill();
    expect(await waitUntil(() => isClean(engine), 20_000, 100)).toBe(true);
  });

  test('the box of a runner that is killed with its guard, when the next one starts', async () => {
    const { kill, container } = await runnerWithBox(engine);
    const guards = await processesWith(container);
    for (const pid of guards) if (await isGuard(pid)) process.kill(pid, 'SIGKILL');
    await kill();
    // Meanwhile it runs on, in its box and with its limits on memory and processes, but with none on time.
    expect(await processesWith(marker)).not.toEqual([]);
    await containerTier(engine);
    expect(await waitUntil(() => isClean(engine), 5000, 100)).toBe(true);
  });
});

async function isGuard(pid: number): Promise<boolean> {
  const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
  return words.includes('guard');
}
