/** Follows a sandbox of Codex's from its start to its end, and ends it so that nothing of it survives. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

import { type AfterLine, exitBehind, type ProcessExit } from '../after-line.ts';
import { type BoxExit, type BoxProcess, endBox } from '../bubblewrap/process.ts';
import { waitUntil } from '../../host/wait.ts';
import { firstProcessOf, killBox } from './processes.ts';

export interface SandboxRun {
  /** Codex, which ends after the command. */
  readonly child: ChildProcess;
  /** The box's private directory, by which its processes are known. */
  readonly dir: string;
  readonly stderr: AfterLine;
  /** A tunnel that nobody reads any more would keep the end from being seen. */
  readonly closeTunnel: () => void;
}

/** Longest wait for a box to start before what there is of it is killed instead. */
const START_MS = 5000;

export function sandboxProcess(run: SandboxRun): BoxProcess {
  const { dir, stderr } = run;
  let over = false;
  const ended = follow(run).finally(() => (over = true));
  return {
    ended,
    stop: async graceMs => {
      await waitUntil(() => over || stderr.hasStarted(), START_MS);
      const first = await firstProcessOf(dir);
      if (first !== undefined) await endBox(first, graceMs, () => over);
      await killBox(dir);
      await ended;
    },
  };
}

async function follow({ child, dir, stderr, closeTunnel }: SandboxRun): Promise<BoxExit> {
  try {
    const [, exit] = await Promise.all([
      // Whoever survived Codex holds the output open.
      once(child, 'exit').then(() => {
        closeTunnel();
        return killBox(dir);
      }),
      once(child, 'close') as Promise<ProcessExit>,
    ]);
    return await exitBehind(stderr, exit);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall?.startsWith('spawn') !== true) throw error;
    return { started: false, problem: (error as Error).message };
  }
}
