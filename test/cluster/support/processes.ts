/** Memory and processor time of processes, as Linux counts them. */
import { readFileSync } from 'node:fs';
import { processStats } from '../../../src/host/proc.ts';

export interface Use {
  /** Memory in MB; pages that several processes share count once (PSS). */
  readonly memoryMb: number;
  /** Processor time in seconds since the start of the processes. */
  readonly cpuSeconds: number;
}

/** Linux reports times in hundredths of a second to every program. */
const TICKS_PER_SECOND = 100;

/** A process alone, or with all its descendants. */
export function useOf(pid: number, whole: boolean): Use {
  const pids = whole ? descendantsOf(pid) : [pid];
  const uses = pids.map(one => ({ memoryMb: memoryOf(one), cpuSeconds: cpuOf(one) }));
  return {
    memoryMb: uses.reduce((sum, { memoryMb }) => sum + memoryMb, 0),
    cpuSeconds: uses.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
  };
}

function descendantsOf(root: number): readonly number[] {
  const all = processStats();
  const found = [root];
  for (const pid of found) for (const one of all) if (one.parent === pid) found.push(one.pid);
  return found;
}

function memoryOf(pid: number): number {
  const kb = /^Pss:\s+(\d+) kB/m.exec(read(pid, 'smaps_rollup'))?.[1];
  return Number(kb ?? 0) / 1_024;
}

function cpuOf(pid: number): number {
  const stat = statOf(pid);
  // utime and stime; then those of children that have ended.
  return [11, 12, 13, 14].reduce((sum, at) => sum + Number(stat[at] ?? 0), 0) / TICKS_PER_SECOND;
}

/** The fields after the name of the program, which can contain anything. */
function statOf(pid: number): readonly string[] {
  const text = read(pid, 'stat');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

/** Empty if the process has ended. */
function read(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
}
