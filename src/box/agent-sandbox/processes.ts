/** Finds the processes of one sandbox of Codex's by the private directory of its box, which their command lines name. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

import { identityOf, type IdentityText } from '../process-identity.ts';
import { waitUntil } from '../../host/wait.ts';

/**
 * Of all in the box the first to be there: whoever is first in a namespace just below ours. What a box makes itself is
 * one level deeper. Undefined when there is none.
 */
export async function firstProcessOf(dir: string): Promise<IdentityText | undefined> {
  const own = (await namespacePids('self')).length;
  for (const name of await namedBy(dir)) {
    const pids = await namespacePids(name);
    if (pids.length === own + 1 && pids.at(-1) === '1') return await identityOf(Number(name));
  }
  return undefined;
}

const DEATH_MS = 30_000;

/**
 * Kills the launcher, bubblewrap and the first process, whichever are there, until none is: with the first process the
 * kernel kills all the others in the box. Who kills only the launcher leaves those running.
 */
export async function killBox(dir: string): Promise<void> {
  const dead = await waitUntil(async () => {
    const names = await namedBy(dir);
    for (const name of names) kill(Number(name));
    return names.length === 0;
  }, DEATH_MS);
  if (!dead) throw new Error(`the processes of the box in ${dir} do not die`);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has just ended.
  }
}

/** What stands in the command lines of a box's processes: the directory that its first shell reads. */
export function markOf(dir: string): string {
  return path.join(dir, 'start');
}

/** Numbers of this user's processes, as text; what is dead names nothing any more. */
async function namedBy(dir: string): Promise<readonly string[]> {
  const mark = markOf(dir);
  const names = (await readdir('/proc')).filter(name => /^\d+$/.test(name));
  const lines = await Promise.all(
    names.map(name => readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '')),
  );
  const named = names.filter((_, index) => lines[index]?.includes(mark));
  const own = new RegExp(`^Uid:\\t${process.getuid?.() ?? 0}\\t`, 'm');
  const statuses = await Promise.all(named.map(statusOf));
  return named.filter((_, index) => own.test(statuses[index] ?? ''));
}

/** The numbers of a process, from our namespace down to its own; none when it is gone. */
async function namespacePids(name: string): Promise<readonly string[]> {
  const status = await statusOf(name);
  return /^NSpid:\s*(.*)$/m.exec(status)?.[1]?.split(/\s+/) ?? [];
}

function statusOf(name: string): Promise<string> {
  return readFile(`/proc/${name}/status`, 'utf8').catch(() => '');
}
