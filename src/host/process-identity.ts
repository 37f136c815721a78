/** Identifies a process, so that a later process with the same id is not mistaken for it. */
import { readFileSync, statSync } from 'node:fs';
import { processStat } from './proc.ts';
import { isAlive } from './process-group.ts';

export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks since boot, on Linux; other systems have the id alone. */
  readonly startedAt?: string | undefined;
  /** The first digits of the boot id, where an identity can outlive a reboot. */
  readonly boot?: string | undefined;
}

/** The start time of an ended process; it never equals a real start time. */
const ENDED = 'ended';

export function processIdentity(pid: number): ProcessIdentity {
  const stat = processStat(pid);
  if (stat === undefined) return process.platform === 'linux' ? { pid, startedAt: ENDED } : { pid };
  return { pid, startedAt: stat.state === 'Z' ? ENDED : stat.startedAt };
}

/** False for an ended process, even before its parent reaps it: a zombie runs nothing and holds nothing. */
export function isSameProcess({ pid, startedAt, boot }: ProcessIdentity): boolean {
  const stat = processStat(pid);
  if (stat === undefined) return startedAt === undefined && isAlive(pid);
  if (stat.state === 'Z' || (boot !== undefined && boot !== bootId())) return false;
  return startedAt === undefined || startedAt === stat.startedAt;
}

/** The user id of a process, on Linux; undefined when it has ended. Root's if the process has changed its user. */
export function processOwner(pid: number): number | undefined {
  try {
    return statSync(`/proc/${pid}`).uid;
  } catch {
    return undefined;
  }
}

/** One word for the names of files and containers: process id, start time, boot id. */
export function identityText({ pid, startedAt = '0' }: ProcessIdentity): string {
  return `${pid}.${startedAt === ENDED ? '0' : startedAt}.${bootId()}`;
}

export function ownIdentityText(): string {
  return identityText(processIdentity(process.pid));
}

/** Parses the identity at the start of a text. */
export function parseIdentity(text: string): ProcessIdentity | undefined {
  const [, pid, startedAt, boot] = /^(\d+)\.(\d+)\.([0-9a-f]+)/.exec(text) ?? [];
  return pid === undefined ? undefined : { pid: Number(pid), startedAt, boot };
}

/** The first eight digits of the boot's random id; `0` where the system has none. */
export function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8);
  } catch {
    return '0';
  }
}
