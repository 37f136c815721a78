/** Tracks a started box through bubblewrap's status reports, and stops it so that no process survives. */
import type { ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { once } from 'node:events';
import type { Readable } from 'node:stream';

import { isSameProcess, processIdentity, type ProcessIdentity } from '../../host/process-identity.ts';
import { waitUntil } from '../../host/wait.ts';
import type { OnHolder } from '../kind.ts';
import type { BoxExit, BoxProcess } from '../started-box.ts';

export function boxProcess(child: ChildProcess, statusFd: number, onHolder: OnHolder): BoxProcess {
  if (child.pid !== undefined) onHolder(child.pid);
  const status = readStatus(child.stdio[statusFd] as Readable, onHolder);
  let over = false;
  const ended = follow(child, status).finally(() => (over = true));
  return {
    ended,
    stop: async graceMs => {
      await waitUntil(() => over || status.init() !== undefined, START_MS);
      const init = status.init();
      if (init === undefined) child.kill('SIGKILL');
      else await endBox(init, graceMs, () => over);
      await ended;
    },
  };
}

/** Longest wait for the box's first process to be reported; then the launcher is killed instead. */
const START_MS = 2000;
const DEATH_MS = 30_000;

async function follow(child: ChildProcess, status: Status): Promise<BoxExit> {
  try {
    const [, signal] = (await once(child, 'close')) as [number | null, string | null];
    const init = status.init();
    // Bubblewrap exits after the box. If it was killed, the kernel may still be killing the rest.
    if (init !== undefined && !(await waitUntil(() => !isSameProcess(init), DEATH_MS))) {
      throw new Error(`the box's first process ${init.pid} is still alive after ${DEATH_MS} ms`);
    }
    const exitCode = status.exitCode();
    const killed = signal === null ? {} : { signal };
    return {
      started: exitCode !== undefined || signal !== null,
      ...(exitCode !== undefined ? { exitCode } : {}),
      ...killed,
    };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall?.startsWith('spawn') !== true) throw error;
    return { started: false, problem: (error as Error).message };
  }
}

/** Sends TERM to the command and its orphans, then KILL to the first process. */
async function endBox(init: ProcessIdentity, graceMs: number, over: () => boolean): Promise<void> {
  // The first process of a PID namespace ignores TERM from outside. Its children are the command and orphaned daemons.
  for (const pid of await childrenOf(init.pid)) send(pid, 'SIGTERM');
  await waitUntil(over, graceMs);
  // When it dies, the kernel kills everything else in the namespace and waits for it.
  if (isSameProcess(init)) send(init.pid, 'SIGKILL');
}

async function childrenOf(pid: number): Promise<number[]> {
  const list = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return list.split(' ').filter(Boolean).map(Number);
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has already exited.
  }
}

interface Status {
  /** The box's first process, with its id on the host, once it exists. */
  init(): ProcessIdentity | undefined;
  /** Exit code of the command; reported only if it was started. */
  exitCode(): number | undefined;
}

/** Far more than bubblewrap reports. */
const STATUS_CHARS_MAX = 16_384;

function readStatus(pipe: Readable, onHolder: OnHolder): Status {
  let text = '';
  let init: ProcessIdentity | undefined;
  const field = (name: string): number | undefined => {
    const digits = new RegExp(`"${name}": ?(\\d+)`).exec(text)?.[1];
    return digits === undefined ? undefined : Number(digits);
  };
  pipe.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(-STATUS_CHARS_MAX);
    if (init !== undefined) return;
    const pid = field('child-pid');
    if (pid === undefined) return;
    init = processIdentity(pid);
    onHolder(pid);
  });
  pipe.on('error', () => undefined);
  return { init: () => init, exitCode: () => field('exit-code') };
}
