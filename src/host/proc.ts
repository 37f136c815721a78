/** Reads process data from Linux's /proc. Other systems have no /proc. */
import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessStat {
  readonly pid: number;
  /** `Z`: a zombie; the process has exited, but its parent has not reaped it. */
  readonly state: string;
  readonly parent: number;
  readonly group: number;
  /** Clock ticks since boot. */
  readonly startedAt: string;
  readonly residentPages: number;
}

export function processIds(): readonly number[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(Number);
}

/** Every user can read this file, and the process cannot hide it. Undefined when there is no such process. */
export function processStat(pid: number): ProcessStat | undefined {
  try {
    return parseStat(pid, readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return undefined;
  }
}

export function processStats(): readonly ProcessStat[] {
  return processIds().flatMap(pid => processStat(pid) ?? []);
}

/** The command name is in parentheses and can itself contain spaces and parentheses; see proc_pid_stat(5). */
function parseStat(pid: number, stat: string): ProcessStat {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state = '', parent, group] = fields;
  return {
    ...{ pid, state, parent: Number(parent), group: Number(group) },
    startedAt: fields[19] ?? '',
    residentPages: Number(fields[21]),
  };
}
