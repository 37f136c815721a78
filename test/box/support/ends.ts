/** Tests of how a box ends, shared by all kinds of box except bubblewrap. */
import { expect, test } from '@jest/globals';

import type { ShellOptions, ShellRun } from './box.ts';
import { stubborn } from './processes.ts';

export interface Ends {
  readonly run: (script: string, options?: ShellOptions) => Promise<ShellRun>;
  /** A unique number of seconds, by which the processes of these boxes are found. */
  readonly marker: string;
  /** Longer than such a box takes to start. */
  readonly wallClockMs: number;
}

export function testEnds({ run, marker, wallClockMs }: Ends): void {
  test.each(stubborn(marker))('%s, after TERM, the grace period and KILL', async (_, script) => {
    const ran = await run(script, { limits: { wallClockMs, killGraceMs: 300 } });
    expect(ran.ending).toBe('wall-clock');
    expect(ran.durationMs).toBeLessThan(wallClockMs + 5000);
  });

  test('a daemon whose command has succeeded', async () => {
    const ran = await run(`setsid sleep ${marker} > /dev/null 2>&1 & sleep 0.2; echo started`);
    expect(ran).toMatchObject({ ending: 'exited', exitCode: 0, stdout: 'started\n' });
  });

  test('a run that is cancelled before it has started', async () => {
    const stop = new AbortController();
    const running = run(`sleep ${marker}`, { signal: stop.signal });
    stop.abort();
    expect((await running).ending).toBe('cancelled');
  });
}
