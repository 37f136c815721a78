/** Finds processes of a test on the whole host, by a word in their command line that nobody else uses. */
import { readdir, readFile } from 'node:fs/promises';

/** Processes on this host, in whatever namespace, whose command line has the word. */
export async function processesWith(word: string): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name)).map(Number);
  const lines = await Promise.all(
    pids.map(async pid => [pid, await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')] as const),
  );
  return lines.filter(([, line]) => line.split('\0').includes(word)).map(([pid]) => pid);
}

/** A number of seconds to sleep that no other process sleeps. */
export function rareSeconds(): string {
  return String(500_000 + Math.floor(Math.random() * 400_000));
}
