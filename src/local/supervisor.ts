/** Keeps a set of processes alive: starts them, restarts those that die, and leaves none behind, however it ends. */
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
  /** Starts these together and resolves when all are ready; call it again for those that need the first ones. */
  start(specs: readonly ProcessSpec[]): Promise<void>;
  /** Signals one program and lets the supervisor find out; the process id, or nothing when it is down just now. */
  kill(name: string, signal: NodeJS.Signals): number | undefined;
  processes(): readonly ProcessStatus[];
  /** Stops the last started first, each batch together. May be called at any moment, also during start, and again. */
  stop(): Promise<void>;
  /** SIGKILL to all groups, now and without waiting. */
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
  // Whatever ends this process in an orderly way, even an uncaught error, takes the children with it.
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

/** Waits for all, so that no start is still under way when the caller learns of the first failure. */
async function allOrFirstProblem(starts: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(starts);
  const failed = results.find(result => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

function refuseTakenNames(names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`two processes are called ${twice}`);
}
