/** Who descends from a process, by what the system says of parents; Linux only. */
import { readFileSync, readlinkSync } from 'node:fs';
import { type ProcessStat, processStats } from '../../../../../src/host/proc.ts';
import { isSameProcess } from '../../../../../src/host/process-identity.ts';

export interface Member {
  readonly pid: number;
  /** Clock ticks since boot: tells it from a later process with the same id. */
  readonly startedAt: string;
  readonly arguments: string;
}

/** Its children, their children and so on, as they are now. */
export function familyOf(ancestor: number): readonly Member[] {
  const all = processStats();
  const known = new Set([ancestor]);
  // A parent has been there longer than its child, but its id may be the larger one: look until nobody is new.
  for (let before = 0; before < known.size;) {
    before = known.size;
    for (const { pid, parent } of all) if (known.has(parent)) known.add(pid);
  }
  known.delete(ancestor);
  return all.filter(({ pid }) => known.has(pid)).map(memberOf);
}

/** Whoever works in this folder or was given a setting that names it: children inherit both, also orphans. */
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
