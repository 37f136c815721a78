/** What one run in the box is given and what comes back: plain data, no behaviour. */

/** Every limit of a run; bytes and milliseconds are in the names. */
export interface BoxLimits {
  readonly wallClockMs: number;
  /** Longest time without a byte of output; absent means silence is allowed. */
  readonly silenceMs?: number;
  /**
   * All memory of the box, pages of its temporary files included: kept by the kernel where control groups work, else by
   * a watch that ends the run. Also that of each process by itself.
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
  /** The whole environment of the command: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** Host directory seen as /ws; without it /ws is empty and thrown away. */
  readonly workspaceDir?: string;
  /** Default `read-write`; `.git` is read-only in any case. */
  readonly workspaceAccess?: 'read-write' | 'read-only';
  /** Directories of the workspace (such as `.codex`) that are covered by an empty, read-only one. */
  readonly maskedWorkspaceDirs?: readonly string[];
  readonly readOnlyMounts: readonly BoxMount[];
  /** Host directories that the box may seem to change: what it writes is thrown away with it. Needs a privileged tier. */
  readonly overlays?: readonly BoxMount[];
  /** Small files made only for this box, by their path inside. */
  readonly files?: Readonly<Record<string, string>>;
  /** The same, but they can be executed. */
  readonly programs?: Readonly<Record<string, Uint8Array>>;
  /** Host path of the model gateway's socket: its directory is seen as /run/model, and 127.0.0.1:8080 leads to it. */
  readonly modelSocketPath?: string;
  /** Host path of an allow-listing proxy's socket; 127.0.0.1:8080 leads to it instead. */
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
  /** Of the command; 128 + n when signal n ended it. */
  readonly exitCode?: number;
  /** Set when the box itself was killed from outside. */
  readonly signal?: string;
  readonly durationMs: number;
  readonly stdoutBytes: number;
  readonly stderrTail: string;
  /** Only of a run that could not start: why, in the words of what starts the box. No command has printed any of it. */
  readonly problem?: string;
  /** Processes killed because the box had used up its memory; known only where control groups work. */
  readonly memoryKills?: number;
}

const MiB = 1024 * 1024;

/** For one agent run on a laptop; policy may lower or raise each. */
export const defaultLimits: BoxLimits = {
  wallClockMs: 30 * 60_000,
  memoryBytesMax: 4096 * MiB,
  processesMax: 512,
  fileBytesMax: 1024 * MiB,
  tmpBytesMax: 512 * MiB,
  workspaceBytesMax: 2048 * MiB,
  workspaceFilesMax: 200_000,
  outputBytesMax: 64 * MiB,
  killGraceMs: 2000,
};
