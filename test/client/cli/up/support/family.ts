/** Who descends from a process, by what the system says of parents; Linux only. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { isSameProcess } from '../../../../../src/host/process-identity.ts';

export interface Member {
  readonly pid: number;
  /** Clock ticks since boot: tells it from a later process with the same id. */
  readonly startedAt: string;
  readonly arguments: string;
}

interface Stat {
  readonly pid: number;
  readonly parent: number;
  readonly startedAt: string;
}

/** Its children, their children and so on, as they are now. */
export function familyOf(ancestor: number): readonly Member[] {
  const all = pids().flatMap(statOf);
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
  return pids()
    .filter(pid => cwdOf(pid).startsWith(folder) || textOf(`/proc/${pid}/environ`).includes(folder))
    .flatMap(statOf)
    .map(memberOf)
    .filter(isAlive);
}

export function isAlive({ pid, startedAt }: Member): boolean {
  return isSameProcess({ pid, startedAt });
}

export function environmentOf({ pid }: Member): string {
  return textOf(`/proc/${pid}/environ`);
}

function pids(): readonly number[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(Number);
}

function memberOf({ pid, startedAt }: Stat): Member {
  return { pid, startedAt, arguments: textOf(`/proc/${pid}/cmdline`) };
}

function cwdOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
}

function statOf(pid: number): readonly Stat[] {
  const stat = textOf(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return stat === '' ? [] : [{ pid, parent: Number(fields[1]), startedAt: fields[19] ?? '' }];
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
