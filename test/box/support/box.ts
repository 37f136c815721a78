/** Shared by the box's tests: the tier of this machine, a throw-away workspace, and small specs. */
import { runInBox, type BoxContext } from '../../../src/box/run.ts';
import { defaultLimits, type BoxLimits, type BoxResult, type BoxSpec } from '../../../src/box/spec.ts';
import type { BubblewrapChoice, BubblewrapTier } from '../../../src/box/bubblewrap/tier.ts';
import { detectTier } from '../../../src/box/detect.ts';

/**
 * Where no control group counts processes, a limit counts all those of a user: of the boxes of other test files and other
 * runs of the tests as well, if they had the same user. Stays in the range of src/box/tier.ts.
 */
export const tier = await bubblewrapTier({ boxUid: 60_901 + (process.pid % 250) });

export async function bubblewrapTier(choice: BubblewrapChoice = {}): Promise<BubblewrapTier> {
  const found = await detectTier(choice);
  if (found.name === 'bubblewrap') return found as BubblewrapTier;
  throw new Error(`the tests of the box need bubblewrap: ${found.problems[0]?.what ?? ''}`);
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
