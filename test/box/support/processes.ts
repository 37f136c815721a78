/** Finds processes of a test on the whole host, by a word in their command line that nobody else uses. */
import { readFile } from 'node:fs/promises';

import { processIds } from '../../../src/host/proc.ts';

/** Processes on this host, in whatever namespace, whose command line has the word. */
export async function processesWith(word: string): Promise<readonly number[]> {
  const lines = await Promise.all(
    processIds().map(
      async pid => [pid, await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')] as const,
    ),
  );
  return lines.filter(([, line]) => line.split('\0').includes(word)).map(([pid]) => pid);
}

/** A number of seconds to sleep that no other process sleeps. */
export function rareSeconds(): string {
  return String(500_000 + Math.floor(Math.random() * 400_000));
}

/** Commands that do not end when they are asked to, by what they are; all sleep for so many seconds. */
export const stubborn = (seconds: string): readonly (readonly [string, string])[] =>
  Object.entries({
    'one that ignores TERM': `trap '' TERM INT HUP; while :; do sleep ${seconds}; done`,
    'a session two forks away': `trap '' TERM; (setsid bash -c "trap '' TERM; (sleep ${seconds} &) ; sleep ${seconds}" &) ; sleep ${seconds}`,
    many: `trap '' TERM; for i in $(seq 50); do setsid sleep ${seconds} & done; wait`,
  });
