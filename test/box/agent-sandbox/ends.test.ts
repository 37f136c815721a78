/** How a box made of the agent's own sandbox ends: nothing survives the command, the limit, Codex, the runner. */
import { expect, test } from '@jest/globals';

import { waitUntil } from '../../../src/box/wait.ts';
import { processesWith, stubborn } from '../support/processes.ts';
import { inSandboxes, isClean, marker, runnerWithBox, sandboxTier } from '../support/sandbox-stage.ts';

inSandboxes('nothing is left of', stage => {
  test.each(stubborn(marker))('%s, after TERM, the grace and KILL', async (_, script) => {
    const run = await stage.run(script, { limits: { wallClockMs: 1500, killGraceMs: 300 } });
    expect(run.ending).toBe('wall-clock');
    expect(run.durationMs).toBeLessThan(1500 + 5000);
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
