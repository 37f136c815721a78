/** What the supervisor is told about a process, and what it tells about it. */

export type ProcessState = 'starting' | 'up' | 'backing-off' | 'stopped';

/** `message`: the process calls `announceReady()`. `probe`: asked again and again until it says yes; an error is a no. */
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
  /** A process that lasted this long begins again with the first delay. */
  readonly healthyAfterMs: number;
}

export interface ProcessSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Given at every start through `secretDescriptor`, so that it stands in no argument and no environment; `own` only. */
  readonly secret?: string;
  /** Standard output and error are appended here. */
  readonly logFile: string;
  /** `own`: the program calls `exitWhenParentDies()`. `guard`: it cannot, and a small process does it for it. */
  readonly parentWatch: 'own' | 'guard';
  readonly readiness?: Readiness;
  readonly restart?: Partial<RestartPolicy> | 'never';
  /** How often the first instance is tried when it ends by itself before it is ready; once by default. */
  readonly startAttemptsMax?: number;
  /** Between SIGTERM and SIGKILL. */
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

export const secretDescriptor = 4;
export const defaultReadinessTimeoutMs = 30_000;
export const defaultStopGraceMs = 10_000;

const defaultRestart: RestartPolicy = { firstDelayMs: 100, delayMsMax: 5_000, healthyAfterMs: 10_000 };

/** Nothing when the process is not to be started again. */
export function restartPolicy(spec: ProcessSpec): RestartPolicy | undefined {
  return spec.restart === 'never' ? undefined : { ...defaultRestart, ...spec.restart };
}

export function backoffMs(policy: RestartPolicy, failuresInARow: number): number {
  return Math.min(policy.delayMsMax, policy.firstDelayMs * 2 ** Math.min(failuresInARow, 20));
}
