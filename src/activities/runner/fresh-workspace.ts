/** A workspace for one run or one check, removed afterwards; and one shell command of the policy in a box on it. */
import { runInBox } from '../../box/run.ts';
import { type BoxResult, type BoxSpec, defaultLimits } from '../../box/spec.ts';
import { allocateWorkspace, type Workspace } from '../../box/workspace.ts';
import { troubleLine } from '../../domain/trouble.ts';
import { GitError } from '../../git/git-error.ts';
import { PermanentFailure } from '../effect-failure.ts';
import type { Heartbeat } from './heartbeat.ts';
import type { RunnerPorts } from './ports.ts';
import type { TestCounter } from './test-count.ts';
import type { Transcript } from './transcript.ts';

export interface WorkspacePlan {
  /** Unique among the workspaces of this host. */
  readonly name: string;
  readonly fill: (dir: string) => Promise<void>;
}

/** Always removes the workspace, also when `use` throws. */
export async function withFreshWorkspace<T>(
  { tier, workspacesDir }: RunnerPorts,
  { name, fill }: WorkspacePlan,
  use: (workspace: Workspace) => Promise<T>,
): Promise<T> {
  const workspace = await allocateWorkspace({
    tier,
    rootDir: workspacesDir,
    runId: name,
    workspaceBytesMax: defaultLimits.workspaceBytesMax,
    workspaceFilesMax: defaultLimits.workspaceFilesMax,
    fill: async dir => await fill(dir).catch(roomProblem),
  });
  try {
    return await use(workspace);
  } finally {
    await workspace.release();
  }
}

/** Git and Node name no place and no limit. */
function roomProblem(error: unknown): never {
  const isFull =
    error instanceof GitError
      ? error.kind === 'no-space'
      : ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '');
  if (!isFull) throw error;
  const { workspaceBytesMax, workspaceFilesMax } = defaultLimits;
  throw new PermanentFailure(
    'RunnerFailed',
    troubleLine({
      what: `the files of the repository do not fit into a workspace: it can have ${workspaceBytesMax} bytes and ${workspaceFilesMax} files, and no more than the runner's disk has free`,
      fix: 'set workspace.history to shallow in .github/signalbox.yml, remove large files from the default branch, or free space on the runner host',
    }),
  );
}

export interface ShellCommand extends Pick<
  BoxSpec,
  'workspaceDir' | 'readOnlyMounts' | 'overlays' | 'egressSocketPath'
> {
  readonly command: string;
  /** Added to the variables that every command gets. */
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly heartbeat: Heartbeat;
  readonly output: Transcript;
  /** Sees every line, also those for which the transcript has no room. */
  readonly counter?: TestCounter;
}

/** Throws `RunnerFailed` when the box does not start: a command that never ran has not failed. */
export async function runShell({ tier }: RunnerPorts, input: ShellCommand): Promise<BoxResult> {
  const { command, env, timeoutMs, heartbeat, output, counter, ...place } = input;
  const { signal, onHolder } = heartbeat;
  const take = (stream: 'stdout' | 'stderr', line: string): void => {
    output.add(stream, line);
    counter?.add(line);
  };
  const result = await runInBox(
    {
      ...place,
      command: '/bin/sh',
      args: ['-c', command],
      env: { ...boxEnvironment(), ...env },
      stdin: '',
      limits: { ...defaultLimits, wallClockMs: timeoutMs },
    },
    {
      tier,
      ...{ signal, onHolder },
      onStdoutLine: line => take('stdout', line),
      onStderrLine: line => take('stderr', line),
    },
  );
  if (result.ending === 'could-not-start')
    throw new PermanentFailure(
      'RunnerFailed',
      `the box could not be started: ${(result.problem ?? '').slice(-500)}`,
    );
  return result;
}

function boxEnvironment(): Readonly<Record<string, string>> {
  return {
    PATH: '/opt/node/bin:/usr/local/bin:/usr/bin:/bin',
    HOME: '/home/agent',
    TMPDIR: '/tmp',
    LANG: 'C.UTF-8',
    CI: 'true',
  };
}
