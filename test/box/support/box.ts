/** Shared by the box's tests: the tier of this machine, and a helper that runs a script in a box. */
import { runInBox, type BoxContext } from '../../../src/box/run.ts';
import { defaultLimits, type BoxLimits, type BoxResult, type BoxSpec } from '../../../src/box/spec.ts';
import type { BubblewrapChoice, BubblewrapTier } from '../../../src/box/bubblewrap/tier.ts';
import { detectTier } from '../../../src/box/detect.ts';

/**
 * Without control groups, a process limit can count all processes of a user. So each test file uses a separate user id,
 * in the range that src/box/detect.ts names.
 */
export const tier = await bubblewrapTier({ boxUid: 60_901 + (process.pid % 250) });

export async function bubblewrapTier(choice: BubblewrapChoice = {}): Promise<BubblewrapTier> {
  const found = await detectTier(choice);
  if (found.name === 'bubblewrap') return found as BubblewrapTier;
  throw new Error(`these tests need bubblewrap: ${found.problems[0]?.what ?? ''}`);
}

export const tools = { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: '/home/agent' };

export interface ShellRun extends BoxResult {
  readonly stdout: string;
}

export type ShellOptions = Omit<Partial<BoxSpec>, 'limits'> &
  Partial<BoxContext> & { readonly limits?: Partial<BoxLimits> };

/** Runs a bash script in the box. */
export async function shell(script: string, options: ShellOptions = {}): Promise<ShellRun> {
  const chunks: Buffer[] = [];
  const spec: BoxSpec = {
    command: 'bash',
    args: ['-c', script],
    env: tools,
    readOnlyMounts: [],
    stdin: '',
    ...options,
    limits: { ...defaultLimits, wallClockMs: 20_000, killGraceMs: 100, ...options.limits },
  };
  const result = await runInBox(spec, { tier, ...options, onStdoutChunk: chunk => chunks.push(chunk) });
  return { ...result, stdout: Buffer.concat(chunks).toString('utf8') };
}
