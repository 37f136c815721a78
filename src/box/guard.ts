/** Ends a box when the process that started it dies. */
import { spawn } from 'node:child_process';

import { give } from './give.ts';

export interface GuardPlan {
  /** Shell script that runs after this process has died. */
  readonly script: string;
  readonly args: readonly string[];
  readonly dir: string;
  readonly environment: Readonly<Record<string, string>>;
}

export interface Guard {
  /** It lives until it was dismissed or the box is gone. */
  readonly pid?: number;
  readonly dismiss: () => void;
}

/**
 * The guard reads from a pipe that only this process holds. The kernel closes the pipe when this process dies, even by
 * SIGKILL.
 */
export function startGuard({ script, args, dir, environment }: GuardPlan): Guard {
  const guard = spawn('/bin/sh', ['-c', `read -r word && exit 0\n${script}`, 'guard', ...args], {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { ...environment },
    cwd: dir,
    detached: true,
  });
  guard.on('error', () => undefined);
  return {
    ...(guard.pid === undefined ? {} : { pid: guard.pid }),
    dismiss: () => give(guard.stdin, 'over\n'),
  };
}
