/** Input and result of one run in a box: plain data. */

/** The limits of a run; units are in the names. */
export interface BoxLimits {
  readonly wallClockMs: number;
  /** Longest time without output; absent means no limit. */
  readonly silenceMs?: number;
  /**
   * All memory of the box, including its temporary files. A control group enforces it where there is one, otherwise a
   * watch that ends the run. Each single process has the same limit.
   */
  readonly memoryBytesMax: number;
  readonly processesMax: number;
  readonly fileBytesMax: number;
  /** Each of /tmp, /home/agent and /dev/shm. */
  readonly tmpBytesMax: number;
  readonly workspaceBytesMax: number;
  readonly workspaceFilesMax: number;
  /** Standard output and standard error together. */
  readonly outputBytesMax: number;
  /** The same, in lines; not for binary output. */
  readonly outputLinesMax: number;
  /** Time between TERM and KILL when a run is ended early. */
  readonly killGraceMs: number;
}

export interface BoxMount {
  readonly from: string;
  readonly to: string;
}

export interface BoxSpec {
  /** A path or name as seen inside the box. */
  readonly command: string;
  readonly args: readonly string[];
  /** The complete environment of the command: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** Host directory that is mounted at /ws; without it, /ws is empty and temporary. */
  readonly workspaceDir?: string;
  /** Default `read-write`; `.git` is read-only in any case. */
  readonly workspaceAccess?: 'read-write' | 'read-only';
  /** Directories of the workspace (such as `.codex`) that are covered by an empty, read-only one. */
  readonly maskedWorkspaceDirs?: readonly string[];
  readonly readOnlyMounts: readonly BoxMount[];
  /** Host directories under a writable overlay, which is discarded with the box. Needs a privileged tier. */
  readonly overlays?: readonly BoxMount[];
  /** Small files for this box only, by their path inside. */
  readonly files?: Readonly<Record<string, string>>;
  /** The same, but they can be executed. */
  readonly programs?: Readonly<Record<string, Uint8Array>>;
  /** Host path of the model gateway's socket. Its directory is mounted at /run/model; 127.0.0.1:8080 is forwarded to it. */
  readonly modelSocketPath?: string;
  /** Host path of an allow-listing proxy's socket, used without a model socket: 127.0.0.1:8080 is forwarded to it. */
  readonly egressSocketPath?: string;
  readonly stdin: string;
  readonly limits: BoxLimits;
}

export type BoxEnding =
  | 'exited'
  | 'wall-clock'
  | 'silence'
  | 'cancelled'
  | 'output-limit'
  | 'workspace-limit'
  | 'memory-limit'
  | 'could-not-start';

export interface BoxResult {
  readonly ending: BoxEnding;
  /** Exit code of the command; 128 + n if signal n ended it. */
  readonly exitCode?: number;
  /** Set when the box itself was killed from outside. */
  readonly signal?: string;
  readonly durationMs: number;
  readonly stdoutBytes: number;
  readonly stderrTail: string;
  /** Why the box could not start, in the words of its launcher. Never contains output of the command. */
  readonly problem?: string;
  /** Number of processes that the kernel killed at the memory limit; known only with control groups. */
  readonly memoryKills?: number;
}

const MIB = 1024 * 1024;

/** For one agent run on a laptop; the policy can lower or raise each limit. */
export const defaultLimits: BoxLimits = {
  wallClockMs: 30 * 60_000,
  memoryBytesMax: 4096 * MIB,
  processesMax: 512,
  fileBytesMax: 1024 * MIB,
  tmpBytesMax: 512 * MIB,
  workspaceBytesMax: 2048 * MIB,
  workspaceFilesMax: 200_000,
  outputBytesMax: 64 * MIB,
  outputLinesMax: 1_000_000,
  killGraceMs: 2000,
};
