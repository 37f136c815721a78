/** The descendants of a process, from the parents in /proc; Linux only. */
import { readFileSync, readlinkSync } from 'node:fs';
import { type ProcessStat, processStats } from '../../../../../src/host/proc.ts';
import { isSameProcess } from '../../../../../src/host/process-identity.ts';

export interface Member {
  readonly pid: number;
  /** Clock ticks since boot: distinguishes it from a later process with the same id. */
  readonly startedAt: string;
  readonly arguments: string;
}

/** All current descendants. */
export function familyOf(ancestor: number): readonly Member[] {
  const all = processStats();
  const known = new Set([ancestor]);
  // A parent's id may be larger than its child's, so repeat until no new process is found.
  for (let before = 0; before < known.size;) {
    before = known.size;
    for (const { pid, parent } of all) if (known.has(parent)) known.add(pid);
  }
  known.delete(ancestor);
  return all.filter(({ pid }) => known.has(pid)).map(memberOf);
}

/** Processes with this folder as working directory or in their environment. Children inherit both, also orphans. */
export function workingIn(folder: string): readonly Member[] {
  return processStats()
    .filter(({ pid }) => cwdOf(pid).startsWith(folder) || textOf(`/proc/${pid}/environ`).includes(folder))
    .map(memberOf)
    .filter(isAlive);
}

export function isAlive({ pid, startedAt }: Member): boolean {
  return isSameProcess({ pid, startedAt });
}

export function environmentOf({ pid }: Member): string {
  return textOf(`/proc/${pid}/environ`);
}

function memberOf({ pid, startedAt }: ProcessStat): Member {
  return { pid, startedAt, arguments: textOf(`/proc/${pid}/cmdline`) };
}

function cwdOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
