/** Finds processes of a test on the whole host, by a unique word in their command line. */
import { readFile } from 'node:fs/promises';

import { processIds } from '../../../src/host/proc.ts';

/** Ids of processes on this host, in any namespace, whose command line contains the word. */
export async function processesWith(word: string): Promise<readonly number[]> {
  const lines = await Promise.all(
    processIds().map(
      async pid => [pid, await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')] as const,
    ),
  );
  return lines.filter(([, line]) => line.split('\0').includes(word)).map(([pid]) => pid);
}

/** A number of seconds for `sleep` that no other process uses. */
export function rareSeconds(): string {
  return String(500_000 + Math.floor(Math.random() * 400_000));
}

/** Commands that ignore TERM, with descriptions; all of them sleep for the given number of seconds. */
export const stubborn = (seconds: string): readonly (readonly [string, string])[] =>
  Object.entries({
    'a command that ignores TERM': `trap '' TERM INT HUP; while :; do sleep ${seconds}; done`,
    'a session two forks away': `trap '' TERM; (setsid bash -c "trap '' TERM; (sleep ${seconds} &) ; sleep ${seconds}" &) ; sleep ${seconds}`,
    'fifty sessions': `trap '' TERM; for i in $(seq 50); do setsid sleep ${seconds} & done; wait`,
  });
