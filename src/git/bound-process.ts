/**
 * Stops a git process on timeout or cancellation, together with its helpers. A killed git leaves its transport helper
 * running, and the helper keeps the pipes and an authenticated connection open.
 */
import type { ChildProcess } from 'node:child_process';

export interface BoundInput {
  readonly timeoutMs: number;
  /** The process leads its own process group; the whole group is killed. */
  readonly isGroup: boolean;
  readonly signal?: AbortSignal | undefined;
}

export type StopReason = 'timeout' | 'cancelled';

export interface BoundProcess {
  /** Call when the process has exited. Returns why it was stopped, or undefined. */
  readonly end: () => StopReason | undefined;
}

const GRACE_MS = 2_000;

type Boundable = Pick<ChildProcess, 'pid' | 'once'>;

export function boundProcess(child: Boundable, input: BoundInput): BoundProcess {
  let reason: StopReason | undefined;
  let killTimer: NodeJS.Timeout | undefined;
  const stop = (why: StopReason): void => {
    if (reason !== undefined) return;
    reason = why;
    send(child, input.isGroup, 'SIGTERM');
    killTimer = setTimeout(() => send(child, input.isGroup, 'SIGKILL'), GRACE_MS);
  };
  const cancel = (): void => stop('cancelled');
  const timer = setTimeout(() => stop('timeout'), input.timeoutMs);
  input.signal?.addEventListener('abort', cancel, { once: true });
  if (input.signal?.aborted === true) cancel();
  // Kills helpers that git left in its group.
  if (input.isGroup) child.once('exit', () => send(child, true, 'SIGKILL'));
  return {
    end: () => {
      clearTimeout(timer);
      clearTimeout(killTimer);
      input.signal?.removeEventListener('abort', cancel);
      return reason;
    },
  };
}

function send(child: Boundable, isGroup: boolean, name: NodeJS.Signals): void {
  if (child.pid === undefined) return; // never started
  try {
    process.kill(isGroup ? -child.pid : child.pid, name);
  } catch {
    // Already gone.
  }
}
