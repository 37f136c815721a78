/** Process groups: signal one, ask whether anyone is left in it, wait until nobody is. */
import { setTimeout as delay } from 'node:timers/promises';
import { processStats } from './proc.ts';

const pollMs = 20;

/** True when there was somebody to get the signal. */
export function signalGroup(leaderPid: number | undefined, signal: NodeJS.Signals | 0): boolean {
  // Minus zero would be our own group, minus one everybody.
  return leaderPid !== undefined && leaderPid > 1 && send(-leaderPid, signal);
}

export function signalProcess(pid: number, signal: NodeJS.Signals | 0): boolean {
  return send(pid, signal);
}

export function isAlive(pid: number): boolean {
  return send(pid, 0);
}

/** False when members are left after the limit. */
export async function groupEnded(leaderPid: number | undefined, limitMs: number): Promise<boolean> {
  const deadline = Date.now() + limitMs;
  while (signalGroup(leaderPid, 0) && mayHaveLiving(leaderPid)) {
    if (Date.now() > deadline) return false;
    await delay(pollMs);
  }
  return true;
}

/** Dead members that nobody collects (a container whose first process is no init) still count for the system; Linux tells them apart. */
function mayHaveLiving(leaderPid: number | undefined): boolean {
  if (process.platform !== 'linux') return true;
  return processStats().some(({ group, state }) => group === leaderPid && state !== 'Z');
}

function send(target: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(target, signal);
  } catch (error) {
    // EPERM means that it is there, and somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
