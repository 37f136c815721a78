/** Measures named processes over a time: processor use and the highest memory. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Supervisor } from '../../../src/local/supervisor.ts';
import { useOf } from './processes.ts';

export interface Metered {
  readonly name: string;
  readonly pid: number;
  /** With all its descendants, as for PostgreSQL, which has a process for each connection. */
  readonly whole: boolean;
}

export interface Reading {
  /** In MB, the highest that was seen. */
  readonly memoryMb: number;
  /** Of one core, in percent. */
  readonly cpuPercent: number;
}

export interface Meter {
  /** Ends the measurement. */
  readonly read: () => Promise<ReadonlyMap<string, Reading>>;
}

const EVERY_MS = 500;

export function meteredIn(supervisor: Supervisor, whole: readonly string[] = []): readonly Metered[] {
  return supervisor
    .processes()
    .flatMap(({ name, pid }) => (pid === undefined ? [] : [{ name, pid, whole: whole.includes(name) }]));
}

export function startMeter(processes: readonly Metered[]): Meter {
  const startedAt = Date.now();
  const before = new Map(processes.map(({ name, pid, whole }) => [name, useOf(pid, whole).cpuSeconds]));
  const highest = new Map<string, number>();
  const over = new AbortController();
  const look = (): void => {
    for (const { name, pid, whole } of processes)
      highest.set(name, Math.max(highest.get(name) ?? 0, useOf(pid, whole).memoryMb));
  };
  const looking = (async () => {
    while (!over.signal.aborted) {
      look();
      await delay(EVERY_MS, undefined, { signal: over.signal }).catch(() => undefined);
    }
  })();
  return {
    read: async () => {
      over.abort();
      await looking;
      const seconds = (Date.now() - startedAt) / 1_000;
      return new Map(
        processes.map(({ name, pid, whole }) => {
          const cpuSeconds = useOf(pid, whole).cpuSeconds - (before.get(name) ?? 0);
          return [name, { memoryMb: highest.get(name) ?? 0, cpuPercent: (cpuSeconds / seconds) * 100 }];
        }),
      );
    },
  };
}
