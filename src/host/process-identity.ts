/** Names a process so that another one that got the same id later is not taken for it. */
import { readFileSync } from 'node:fs';
import { isAlive } from './process-group.ts';

const ended = 'ended';

export interface ProcessIdentity {
  readonly pid: number;
  /** Where the system tells it (Linux): clock ticks since boot; elsewhere the id alone must do. */
  readonly startedAt?: string | undefined;
}

export function processIdentity(pid: number): ProcessIdentity {
  const startedAt = startTime(pid);
  return startedAt === undefined ? { pid } : { pid, startedAt };
}

/** False for one that has ended, also when its parent has not collected it yet. */
export function isSameProcess(identity: ProcessIdentity): boolean {
  if (!isAlive(identity.pid)) return false;
  const startedAt = startTime(identity.pid);
  return startedAt !== ended && (identity.startedAt === undefined || startedAt === identity.startedAt);
}

/** Fields after the command name, which may itself hold blanks and brackets: state is the first, start time the 20th. */
function startTime(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? ended : fields[19];
  } catch {
    return undefined;
  }
}
