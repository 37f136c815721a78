/** One run of a supervised process, from its spawn until its process group is empty. */
import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { closeSync } from 'node:fs';
import { Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { LocalProblem } from './local-problem.ts';
import { groupEnded, signalGroup } from '../host/process-group.ts';
import { lastLogLine, openLog } from './process-log.ts';
import {
  DEFAULT_READINESS_TIMEOUT_MS,
  DEFAULT_STOP_GRACE_MS,
  SECRET_DESCRIPTOR,
  type ProcessSpec,
  type Readiness,
} from './process-spec.ts';

const guardFile = fileURLToPath(new URL('../host/guard.mjs', import.meta.url));
const LEFTOVER_LIMIT_MS = 1_000;
const DEFAULT_POLL_MS = 50;
const CANNOT_RUN_CODE = 127;

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Instance {
  /** The leader of the process group: the program or its guard. Undefined when it could not be spawned. */
  readonly leaderPid: number | undefined;
  /** The program's process id; if a guard starts the program, it is known a moment later. */
  pid: number | undefined;
  readonly startedAtMs: number;
  readonly announced: Promise<void>;
  readonly ended: Promise<Exit>;
}

export function spawnInstance(spec: ProcessSpec): Instance {
  const log = openLog(spec.logFile);
  try {
    return watch(spawnLeader(spec, log), spec);
  } finally {
    closeSync(log);
  }
}

/** Resolves to undefined when ready, otherwise to the problem; the caller then clears the instance. */
export async function readinessProblem(run: Instance, spec: ProcessSpec): Promise<LocalProblem | undefined> {
  const timeoutMs = spec.readiness?.timeoutMs ?? DEFAULT_READINESS_TIMEOUT_MS;
  const over = new AbortController();
  const died = run.ended.then(exit => endedAtStart(spec, exit));
  const late = delay(timeoutMs, undefined, { signal: over.signal }).then(
    () =>
      new LocalProblem('not-ready', `${spec.name} was not ready after ${timeoutMs} ms; see ${spec.logFile}`),
    () => undefined,
  );
  const problem = await Promise.race([ready(run, spec.readiness, over.signal), died, late]);
  over.abort();
  return problem;
}

/** Sends SIGTERM to the group and, after the grace time, SIGKILL; resolves when the group is empty. */
export async function endInstance(run: Instance, spec: ProcessSpec): Promise<Exit> {
  const patience = new AbortController();
  signalGroup(run.leaderPid, 'SIGTERM');
  const grace = delay(spec.stopGraceMs ?? DEFAULT_STOP_GRACE_MS, undefined, {
    signal: patience.signal,
  }).catch(() => undefined);
  await Promise.race([run.ended, grace]);
  patience.abort();
  return clearInstance(run);
}

/** Kills all that remains in the group: no process of one instance may run alongside the next instance. */
export async function clearInstance(run: Instance): Promise<Exit> {
  signalGroup(run.leaderPid, 'SIGKILL');
  const exit = await run.ended;
  signalGroup(run.leaderPid, 'SIGKILL');
  await groupEnded(run.leaderPid, LEFTOVER_LIMIT_MS);
  return exit;
}

/** The leader gets its own group, so that signals reach the whole tree, and a channel that closes when we are gone. */
function spawnLeader(spec: ProcessSpec, log: number): ChildProcess {
  const graceMs = String(spec.stopGraceMs ?? DEFAULT_STOP_GRACE_MS);
  const guarded = spec.parentWatch === 'guard';
  const command = guarded ? process.execPath : spec.command;
  const args = guarded ? [guardFile, graceMs, spec.command, ...spec.args] : spec.args;
  const stdio: StdioOptions = [
    'ignore',
    log,
    log,
    'ipc',
    ...(spec.secret === undefined ? [] : (['pipe'] as const)),
  ];
  const leader = spawn(command, args, { cwd: spec.cwd, env: spec.env, detached: true, stdio });
  handOver(leader, spec.secret);
  return leader;
}

function handOver(leader: ChildProcess, secret: string | undefined): void {
  const pipe = leader.stdio[SECRET_DESCRIPTOR];
  if (secret === undefined || !(pipe instanceof Writable)) return;
  // The program may not read it or may be dead already; neither is our error.
  pipe.on('error', () => undefined);
  pipe.end(secret);
}

function watch(leader: ChildProcess, spec: ProcessSpec): Instance {
  const guarded = spec.parentWatch === 'guard';
  const run: Instance = {
    leaderPid: leader.pid,
    pid: undefined,
    startedAtMs: Date.now(),
    announced: new Promise(resolve => {
      leader.on('message', message => {
        if (isReadyMessage(message)) resolve();
        if (guarded && isPidMessage(message)) setPid(message.pid);
      });
    }),
    ended: new Promise(resolve => {
      leader.once('exit', (code, signal) => resolve({ code, signal }));
      // Not spawned, for example because the command does not exist: shells use exit code 127 for that.
      leader.once('error', () => {
        if (leader.pid === undefined) resolve({ code: CANNOT_RUN_CODE, signal: null });
      });
    }),
  };
  const setPid = (pid: number): void => {
    run.pid = pid;
    spec.onSpawn?.(pid);
  };
  if (!guarded && leader.pid !== undefined) setPid(leader.pid);
  return run;
}

/** An error of a probe means "not yet", except a `LocalProblem`: waiting would not fix that. */
async function ready(
  run: Instance,
  readiness: Readiness | undefined,
  over: AbortSignal,
): Promise<LocalProblem | undefined> {
  if (readiness?.by === 'message') await run.announced;
  if (readiness?.by !== 'probe') return undefined;
  while (!over.aborted) {
    const answer = await readiness
      .probe(over)
      .catch((error: unknown) => (error instanceof LocalProblem ? error : false));
    if (answer !== false) return answer === true ? undefined : answer;
    await delay(readiness.pollMs ?? DEFAULT_POLL_MS, undefined, { signal: over }).catch(() => undefined);
  }
  return undefined;
}

function endedAtStart(spec: ProcessSpec, exit: Exit): LocalProblem {
  if (exit.code === CANNOT_RUN_CODE)
    return new LocalProblem(
      'process-failed',
      `cannot start ${spec.name}: ${spec.command} is not executable or does not exist`,
    );
  const line = lastLogLine(spec.logFile);
  const how = exit.signal === null ? `exit code ${exit.code ?? 'unknown'}` : exit.signal;
  return new LocalProblem(
    'process-failed',
    `${spec.name} exited during start (${how})${line === '' ? '' : `: ${line}`}`,
  );
}

function isReadyMessage(message: unknown): boolean {
  return typeof message === 'object' && message !== null && 'ready' in message;
}

function isPidMessage(message: unknown): message is { pid: number } {
  return (
    typeof message === 'object' && message !== null && 'pid' in message && typeof message.pid === 'number'
  );
}
