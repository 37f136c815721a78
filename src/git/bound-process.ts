/**
 * Ends a git process in time, with its helpers: git leaves its transport helper running when it is killed, and the
 * helper would keep the pipes, and a connection that holds the credential, open.
 */
import type { ChildProcess } from 'node:child_process';

export interface BoundInput {
  readonly timeoutMs: number;
  /** The process leads a group of its own: all of it is ended. */
  readonly isGroup: boolean;
  readonly signal?: AbortSignal | undefined;
}

export type StopReason = 'timeout' | 'cancelled';

export interface BoundProcess {
  /** To be called when the process has ended; says whether it was made to. */
  readonly end: () => StopReason | undefined;
}

const graceMs = 2_000;

type Boundable = Pick<ChildProcess, 'pid' | 'once'>;

export function boundProcess(child: Boundable, input: BoundInput): BoundProcess {
  let reason: StopReason | undefined;
  let lastWord: NodeJS.Timeout | undefined;
  const stop = (why: StopReason): void => {
    if (reason !== undefined) return;
    reason = why;
    send(child, input.isGroup, 'SIGTERM');
    lastWord = setTimeout(() => send(child, input.isGroup, 'SIGKILL'), graceMs);
  };
  const cancel = (): void => stop('cancelled');
  const timer = setTimeout(() => stop('timeout'), input.timeoutMs);
  input.signal?.addEventListener('abort', cancel, { once: true });
  if (input.signal?.aborted === true) cancel();
  // What git left behind in its group has nobody to work for any more.
  if (input.isGroup) child.once('exit', () => send(child, true, 'SIGKILL'));
  return {
    end: () => {
      clearTimeout(timer);
      clearTimeout(lastWord);
      input.signal?.removeEventListener('abort', cancel);
      return reason;
    },
  };
}

function send(child: Boundable, isGroup: boolean, name: NodeJS.Signals): void {
  if (child.pid === undefined) return; // it never started
  try {
    process.kill(isGroup ? -child.pid : child.pid, name);
  } catch {
    // Already gone, which is what was wanted.
  }
}
