/** Process groups: signal one, check whether it has living members, wait until it is empty. */
import { setTimeout as delay } from 'node:timers/promises';
import { processStats } from './proc.ts';

const POLL_MS = 20;

/** True when the group has a member. */
export function signalGroup(leaderPid: number | undefined, signal: NodeJS.Signals | 0): boolean {
  // -0 means our own group; -1 means every process.
  return leaderPid !== undefined && leaderPid > 1 && send(-leaderPid, signal);
}

export function signalProcess(pid: number, signal: NodeJS.Signals | 0): boolean {
  return send(pid, signal);
}

export function isAlive(pid: number): boolean {
  return send(pid, 0);
}

/** False when the group still has members after the limit. */
export async function groupEnded(leaderPid: number | undefined, limitMs: number): Promise<boolean> {
  const deadline = Date.now() + limitMs;
  while (signalGroup(leaderPid, 0) && mayHaveLiving(leaderPid)) {
    if (Date.now() > deadline) return false;
    await delay(POLL_MS);
  }
  return true;
}

/**
 * Zombies that are never reaped (in a container whose first process is not an init) still count as members for kill(2).
 * Linux shows their state.
 */
function mayHaveLiving(leaderPid: number | undefined): boolean {
  if (process.platform !== 'linux') return true;
  return processStats().some(({ group, state }) => group === leaderPid && state !== 'Z');
}

function send(target: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(target, signal);
  } catch (error) {
    // EPERM: the process exists and belongs to another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
