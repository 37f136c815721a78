/** Keeps a set of processes alive: starts them, restarts those that die, and leaves none running, however it ends. */
import { LocalProblem } from './local-problem.ts';
import { SupervisedProcess } from './supervised-process.ts';
import type { ProcessSpec, ProcessState, SupervisorEvent } from './process-spec.ts';

export interface ProcessStatus {
  readonly name: string;
  readonly pid: number | undefined;
  readonly state: ProcessState;
  readonly restarts: number;
}

export interface Supervisor {
  /** Starts these together and resolves when all are ready; call it again for processes that depend on the first ones. */
  start(specs: readonly ProcessSpec[]): Promise<void>;
  /** Signals one program and lets the supervisor notice; returns its process id, or undefined when it is down. */
  kill(name: string, signal: NodeJS.Signals): number | undefined;
  processes(): readonly ProcessStatus[];
  /** Stops the last started batch first. Can be called at any time, also during start, and repeatedly. */
  stop(): Promise<void>;
  /** Sends SIGKILL to all groups, without waiting. */
  killAll(): void;
}

export interface SupervisorInput {
  readonly onEvent: (event: SupervisorEvent) => void;
}

export function createSupervisor({ onEvent }: SupervisorInput): Supervisor {
  const batches: SupervisedProcess[][] = [];
  let stopped: Promise<void> | undefined;
  const all = (): SupervisedProcess[] => batches.flat();
  const killAll = (): void => {
    for (const one of all()) one.killGroup();
  };
  // Every orderly exit of this process, even by an uncaught error, also kills the children.
  process.once('exit', killAll);

  return {
    async start(specs) {
      if (stopped !== undefined) throw new LocalProblem('stopped', 'the supervisor was stopped');
      refuseTakenNames([...all().map(one => one.spec.name), ...specs.map(spec => spec.name)]);
      const batch = specs.map(spec => new SupervisedProcess(spec, onEvent));
      batches.push(batch);
      await allOrFirstProblem(batch.map(one => one.start()));
    },
    kill(name, signal) {
      const one = all().find(candidate => candidate.spec.name === name);
      if (one === undefined) throw new Error(`no process is called ${name}`);
      return one.kill(signal);
    },
    processes: () =>
      all().map(({ spec, pid, state, restarts }) => ({ name: spec.name, pid, state, restarts })),
    stop() {
      stopped ??= stopBatches(batches).finally(() => process.removeListener('exit', killAll));
      return stopped;
    },
    killAll,
  };
}

async function stopBatches(batches: readonly (readonly SupervisedProcess[])[]): Promise<void> {
  for (const batch of batches.toReversed()) await Promise.all(batch.map(one => one.stop()));
}

/** Waits for all, so that no start is still in progress when the caller gets the first failure. */
async function allOrFirstProblem(starts: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(starts);
  const failed = results.find(result => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

function refuseTakenNames(names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`two processes are called ${twice}`);
}
