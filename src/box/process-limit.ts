/** Limits the number of a box's processes where no control group does. */
import { readFile } from 'node:fs/promises';
import { release } from 'node:os';

import { processIds } from '../host/proc.ts';

/** Words to put before a command: a call of prlimit(1), or nothing. */
export interface ProcessLimit {
  /** Before the program that makes the box. */
  readonly outside: readonly string[];
  /** Before the command in the box. */
  readonly inside: readonly string[];
}

export const noProcessLimit: ProcessLimit = { outside: [], inside: [] };

/**
 * Since Linux 5.14 the kernel counts per user namespace (commit 21d1c5e386bc): the limit is set inside the box and counts
 * the box's processes only. Older kernels count all processes of the user on the host, such as a desktop, so the limit is
 * raised by their number.
 */
export async function processLimit(processesMax: number, uid: number): Promise<ProcessLimit> {
  const limit = (max: number): readonly string[] => ['/usr/bin/prlimit', `--nproc=${max}`, '--'];
  return countsInNamespaces(release())
    ? { outside: [], inside: limit(processesMax) }
    : { outside: limit(processesMax + (await threadsOf(uid))), inside: [] };
}

export function countsInNamespaces(kernel: string): boolean {
  const [major = 0, minor = 0] = kernel.split('.').map(part => Number.parseInt(part, 10));
  return major > 5 || (major === 5 && minor >= 14);
}

/** This limit counts each thread as a process. */
export async function threadsOf(uid: number): Promise<number> {
  const counts = await Promise.all(
    processIds().map(async pid => {
      const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
      const isUsers = new RegExp(`^Uid:\\t${uid}\\t`, 'm').test(status);
      return isUsers ? Number(/^Threads:\t(\d+)$/m.exec(status)?.[1] ?? 0) : 0;
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}
