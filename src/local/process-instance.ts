/** One run of a supervised process, from its spawn until nothing of it is left. */
import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { closeSync } from 'node:fs';
import { Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { LocalProblem } from './local-problem.ts';
import { groupEnded, signalGroup } from '../host/process-group.ts';
import { lastLogLine, openLog } from './process-log.ts';
import {
  defaultReadinessTimeoutMs,
  defaultStopGraceMs,
  secretDescriptor,
  type ProcessSpec,
  type Readiness,
} from './process-spec.ts';

const guardFile = fileURLToPath(new URL('../host/guard.mjs', import.meta.url));
const leftoverLimitMs = 1_000;
const defaultPollMs = 50;
const cannotRunCode = 127;

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Instance {
  /** What leads the process group: the program, or its guard. Undefined when it could not be spawned at all. */
  readonly leaderPid: number | undefined;
  /** The program's own id; known a moment later when a guard starts it. */
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

/** Resolves to nothing when ready, else to why not; the caller clears away what did not become ready. */
export async function readinessProblem(run: Instance, spec: ProcessSpec): Promise<LocalProblem | undefined> {
  const timeoutMs = spec.readiness?.timeoutMs ?? defaultReadinessTimeoutMs;
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

/** TERM to the group, then, after the grace time, KILL; resolves when the group is empty. */
export async function endInstance(run: Instance, spec: ProcessSpec): Promise<Exit> {
  const patience = new AbortController();
  signalGroup(run.leaderPid, 'SIGTERM');
  const grace = delay(spec.stopGraceMs ?? defaultStopGraceMs, undefined, { signal: patience.signal }).catch(
    () => undefined,
  );
  await Promise.race([run.ended, grace]);
  patience.abort();
  return clearInstance(run);
}

/** Nothing of one instance may live beside the next, so what it left in its group goes too. */
export async function clearInstance(run: Instance): Promise<Exit> {
  signalGroup(run.leaderPid, 'SIGKILL');
  const exit = await run.ended;
  signalGroup(run.leaderPid, 'SIGKILL');
  await groupEnded(run.leaderPid, leftoverLimitMs);
  return exit;
}

/** The leader gets a group of its own (signals reach the whole tree) and a channel whose end tells it that we are gone. */
function spawnLeader(spec: ProcessSpec, log: number): ChildProcess {
  const graceMs = String(spec.stopGraceMs ?? defaultStopGraceMs);
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
  const pipe = leader.stdio[secretDescriptor];
  if (secret === undefined || !(pipe instanceof Writable)) return;
  // A program that does not read it, or has died already, is no error of ours.
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
      // Not spawned at all, such as a command that does not exist: shells give that the code 127.
      leader.once('error', () => {
        if (leader.pid === undefined) resolve({ code: cannotRunCode, signal: null });
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

/** An error of a probe is a "not yet", except one that says what to do: waiting would not mend that. */
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
    await delay(readiness.pollMs ?? defaultPollMs, undefined, { signal: over }).catch(() => undefined);
  }
  return undefined;
}

function endedAtStart(spec: ProcessSpec, exit: Exit): LocalProblem {
  if (exit.code === cannotRunCode)
    return new LocalProblem(
      'process-failed',
      `${spec.name} cannot be started: ${spec.command} cannot be run`,
    );
  const line = lastLogLine(spec.logFile);
  const how = exit.signal === null ? `exit code ${exit.code ?? 'unknown'}` : exit.signal;
  return new LocalProblem(
    'process-failed',
    `${spec.name} ended at start (${how})${line === '' ? '' : `: ${line}`}`,
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
