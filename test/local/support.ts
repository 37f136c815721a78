/** Helpers for tests with real processes: private folders, waiting for conditions, and liveness checks. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isSameProcess } from '../../src/host/process-identity.ts';

export interface Folder {
  readonly path: string;
  file(name: string): string;
  remove(): void;
}

export function temporaryFolder(): Folder {
  const folder = mkdtempSync(path.join(tmpdir(), 'signalbox-local-'));
  return {
    path: folder,
    file: name => path.join(folder, name),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Resolves to the first value that is not false or undefined; fails with the description after the limit. */
export async function eventually<T>(
  what: string,
  look: () => T | false | undefined,
  limitMs = 10_000,
): Promise<T> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const value = look();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > deadline) throw new Error(`timed out after ${limitMs} ms: ${what}`);
    await delay(10);
  }
}

/** False for an ended process, even before its parent reaps it. */
export function isRunning(pid: number): boolean {
  return isSameProcess({ pid });
}

export async function gone(pid: number, limitMs = 10_000): Promise<void> {
  await eventually(`end of process ${pid}`, () => !isRunning(pid), limitMs);
}

export function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

export function pidIn(file: string): number | undefined {
  const text = textOf(file);
  return text.endsWith('\n') ? Number(text.trim()) : undefined;
}

/** All living processes that have this text (for example a private folder) in their arguments; Linux only. */
export function processesNaming(text: string): readonly number[] {
  const pids = readdirSync('/proc').filter(name => /^\d+$/.test(name));
  return pids
    .filter(pid => textOf(`/proc/${pid}/cmdline`).includes(text))
    .map(Number)
    .filter(isRunning);
}
