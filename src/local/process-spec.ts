/** The description of a supervised process, and the events that the supervisor reports about it. */

export type ProcessState = 'starting' | 'up' | 'backing-off' | 'stopped';

/** `message`: the process calls `announceReady()`. `probe`: polled until it resolves to true; an error counts as false. */
export type Readiness =
  | { readonly by: 'message'; readonly timeoutMs?: number }
  | {
      readonly by: 'probe';
      readonly probe: (signal: AbortSignal) => Promise<boolean>;
      readonly timeoutMs?: number;
      readonly pollMs?: number;
    };

export interface RestartPolicy {
  readonly firstDelayMs: number;
  readonly delayMsMax: number;
  /** After a process has run this long, the delay restarts at `firstDelayMs`. */
  readonly healthyAfterMs: number;
}

export interface ProcessSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** The complete environment: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Passed at every start through `secretDescriptor`, never in an argument or the environment; with `own` only. */
  readonly secret?: string;
  /** Standard output and error are appended here. */
  readonly logFile: string;
  /** `own`: the program calls `exitWhenParentDies()`. `guard`: a small guard process does it for a program that cannot. */
  readonly parentWatch: 'own' | 'guard';
  readonly readiness?: Readiness;
  readonly restart?: Partial<RestartPolicy> | 'never';
  /** How often to try the first start if the process exits on its own before it is ready; default: once. */
  readonly startAttemptsMax?: number;
  /** The time between SIGTERM and SIGKILL. */
  readonly stopGraceMs?: number;
  /** Called with the program's process id at every start. */
  readonly onSpawn?: (pid: number) => void;
}

export type SupervisorEvent =
  | { readonly kind: 'started'; readonly name: string; readonly pid: number; readonly restarts: number }
  | {
      readonly kind: 'restarting';
      readonly name: string;
      readonly restarts: number;
      readonly delayMs: number;
    }
  | {
      readonly kind: 'died' | 'stopped';
      readonly name: string;
      readonly pid: number;
      readonly code: number | null;
      readonly signal: NodeJS.Signals | null;
      readonly restarts: number;
    };

export const SECRET_DESCRIPTOR = 4;
export const DEFAULT_READINESS_TIMEOUT_MS = 30_000;
export const DEFAULT_STOP_GRACE_MS = 10_000;

const defaultRestart: RestartPolicy = { firstDelayMs: 100, delayMsMax: 5_000, healthyAfterMs: 10_000 };

/** Undefined when the process is not restarted. */
export function restartPolicy(spec: ProcessSpec): RestartPolicy | undefined {
  return spec.restart === 'never' ? undefined : { ...defaultRestart, ...spec.restart };
}

export function backoffMs(policy: RestartPolicy, failuresInARow: number): number {
  return Math.min(policy.delayMsMax, policy.firstDelayMs * 2 ** Math.min(failuresInARow, 20));
}
