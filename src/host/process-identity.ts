/** Names a process so that another one that got the same id later is not taken for it. */
import { readFileSync } from 'node:fs';
import { processStat } from './proc.ts';
import { isAlive } from './process-group.ts';

export interface ProcessIdentity {
  readonly pid: number;
  /** Where the system reports it (Linux): clock ticks since boot; elsewhere the id alone must do. */
  readonly startedAt?: string | undefined;
  /** The start of the boot's id, where the identity may outlive a boot. */
  readonly boot?: string | undefined;
}

/** Of no living process: no start time is like it. */
const ended = 'ended';

export function processIdentity(pid: number): ProcessIdentity {
  const stat = processStat(pid);
  if (stat === undefined) return process.platform === 'linux' ? { pid, startedAt: ended } : { pid };
  return { pid, startedAt: stat.state === 'Z' ? ended : stat.startedAt };
}

/** False for one that has ended, also when its parent has not collected it yet: it runs nothing and holds nothing. */
export function isSameProcess({ pid, startedAt, boot }: ProcessIdentity): boolean {
  const stat = processStat(pid);
  if (stat === undefined) return startedAt === undefined && isAlive(pid);
  if (stat.state === 'Z' || (boot !== undefined && boot !== bootId())) return false;
  return startedAt === undefined || startedAt === stat.startedAt;
}

/** One word for names of files and containers: process id, start, boot. */
export function identityText({ pid, startedAt = '0' }: ProcessIdentity): string {
  return `${pid}.${startedAt === ended ? '0' : startedAt}.${bootId()}`;
}

export function ownIdentityText(): string {
  return identityText(processIdentity(process.pid));
}

/** Of a text that begins with an identity. */
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
