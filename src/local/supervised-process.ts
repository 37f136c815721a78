/** One supervised process over its lifetime: start, death, back-off, restart, stop. */
import { setTimeout as delay } from 'node:timers/promises';
import {
  clearInstance,
  endInstance,
  readinessProblem,
  spawnInstance,
  type Exit,
  type Instance,
} from './process-instance.ts';
import { LocalProblem } from './local-problem.ts';
import { signalGroup, signalProcess } from '../host/process-group.ts';
import {
  backoffMs,
  restartPolicy,
  type ProcessSpec,
  type ProcessState,
  type SupervisorEvent,
} from './process-spec.ts';

/** A process that is killed more often than this before it is ready lacks memory, or someone keeps killing it. */
const KILLED_STARTS_MAX = 3;

export class SupervisedProcess {
  readonly spec: ProcessSpec;
  readonly #emit: (event: SupervisorEvent) => void;
  readonly #stopping = new AbortController();
  #run: Instance | undefined;
  #state: ProcessState = 'starting';
  #restarts = 0;
  #failuresInARow = 0;
  #life: Promise<void> = Promise.resolve();

  constructor(spec: ProcessSpec, emit: (event: SupervisorEvent) => void) {
    this.spec = spec;
    this.#emit = emit;
  }

  get pid(): number | undefined {
    return this.#run?.pid;
  }

  get state(): ProcessState {
    return this.#state;
  }

  get restarts(): number {
    return this.#restarts;
  }

  /**
   * Resolves when the first instance is ready. An instance that exits on its own before that fails the start. One that
   * was killed (kill -9, out of memory) is restarted, up to `killedStartsMax` times.
   */
  async start(): Promise<void> {
    const { startAttemptsMax = 1 } = this.spec;
    for (let attempt = 1, kills = 0; ;) {
      const run = this.#spawn();
      const problem = await this.#becomeReady(run);
      if (problem === undefined) {
        this.#life = this.#live(run);
        return;
      }
      if (kills < KILLED_STARTS_MAX && (await this.#mayTryAgain(run, problem))) {
        kills += 1;
        continue;
      }
      await clearInstance(run);
      if (this.#run === run) this.#run = undefined;
      this.#state = 'stopped';
      const retryable = problem.kind === 'process-failed' && !this.#isStopping();
      if (attempt >= startAttemptsMax || !retryable) throw problem;
      attempt += 1;
    }
  }

  /** Signals the program, not its group, like a crash or a person; returns its process id, or undefined if it is down. */
  kill(signal: NodeJS.Signals): number | undefined {
    const pid = this.#run?.pid;
    return pid !== undefined && signalProcess(pid, signal) ? pid : undefined;
  }

  /** Resolves when the process and its group are gone; can be called at any time and repeatedly. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const run = this.#run;
    if (run !== undefined) this.#report('stopped', run, await endInstance(run, this.spec));
    await this.#life;
    this.#run = undefined;
    this.#state = 'stopped';
  }

  /** Kills immediately, without waiting: for the exit handler of this process. */
  killGroup(): void {
    this.#stopping.abort();
    if (this.#run !== undefined) signalGroup(this.#run.leaderPid, 'SIGKILL');
  }

  async #live(first: Instance): Promise<void> {
    let run: Instance | undefined = first;
    while (run !== undefined) {
      await run.ended;
      if (this.#isStopping()) return;
      await this.#bury(run);
      run = await this.#restart(run);
    }
  }

  /** Tries until an instance is ready or the process must stop. */
  async #restart(last: Instance): Promise<Instance | undefined> {
    const policy = restartPolicy(this.spec);
    if (policy !== undefined && Date.now() - last.startedAtMs >= policy.healthyAfterMs)
      this.#failuresInARow = 0;
    while (policy !== undefined && !this.#isStopping()) {
      await this.#backOff(backoffMs(policy, this.#failuresInARow));
      if (this.#isStopping()) break;
      const run = this.#spawn();
      if ((await this.#becomeReady(run)) === undefined) return run;
      if (this.#isStopping()) break;
      await this.#bury(run);
    }
    this.#state = 'stopped';
    return undefined;
  }

  /** After someone else killed the process: reports its death and backs off as before a restart. */
  async #mayTryAgain(run: Instance, problem: LocalProblem): Promise<boolean> {
    const policy = restartPolicy(this.spec);
    if (policy === undefined || !(await wasKilled(run, problem))) return false;
    await this.#bury(run);
    await this.#backOff(backoffMs(policy, this.#failuresInARow));
    return true;
  }

  async #backOff(delayMs: number): Promise<void> {
    this.#failuresInARow += 1;
    this.#restarts += 1;
    this.#state = 'backing-off';
    this.#emit({ kind: 'restarting', name: this.spec.name, restarts: this.#restarts, delayMs });
    await delay(delayMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
  }

  #spawn(): Instance {
    if (this.#isStopping()) throw this.#stopped();
    this.#state = 'starting';
    const run = spawnInstance(this.spec);
    this.#run = run;
    return run;
  }

  async #becomeReady(run: Instance): Promise<LocalProblem | undefined> {
    const problem = await readinessProblem(run, this.spec);
    if (this.#isStopping()) return this.#stopped();
    if (problem !== undefined) return problem;
    this.#state = 'up';
    this.#emit({ kind: 'started', name: this.spec.name, pid: idOf(run), restarts: this.#restarts });
    return undefined;
  }

  async #bury(run: Instance): Promise<void> {
    const exit = await clearInstance(run);
    if (this.#run === run) this.#run = undefined;
    this.#report('died', run, exit);
  }

  #report(kind: 'died' | 'stopped', run: Instance, exit: Exit): void {
    this.#emit({ kind, name: this.spec.name, pid: idOf(run), ...exit, restarts: this.#restarts });
  }

  #isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  #stopped(): LocalProblem {
    return new LocalProblem('stopped', `${this.spec.name} was stopped`);
  }
}

/** Killed by someone else. We kill a process that is not ready in time, but its problem is `not-ready`. */
async function wasKilled(run: Instance, problem: LocalProblem): Promise<boolean> {
  return problem.kind === 'process-failed' && (await run.ended).signal === 'SIGKILL';
}

function idOf(run: Instance): number {
  return run.pid ?? run.leaderPid ?? 0;
}
