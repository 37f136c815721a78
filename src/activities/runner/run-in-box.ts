/** Runs the agent in the box: sends progress to the heartbeat and output to the transcript, and enforces the limits. */
import type { AgentAdapter, AgentLaunch } from '../../agents/adapter.ts';
import { runInBox } from '../../box/run.ts';
import { type BoxMount, type BoxResult, defaultLimits } from '../../box/spec.ts';
import type { Workspace } from '../../box/workspace.ts';
import type { Policy } from '../../domain/policy.ts';
import type { Heartbeat } from './heartbeat.ts';
import type { ModelAccess } from './model.ts';
import type { RunnerPorts } from './ports.ts';
import { TextBlocks } from './text-blocks.ts';
import { Transcript } from './transcript.ts';
import { WorkerCommands } from './worker-commands.ts';
import { withoutToken } from './run-token.ts';

/** Agent configuration in the workspace is masked: issue text could invoke skills from there. */
export const MASKED = ['.agents', '.codex', '.claude'];
const STDOUT_CHARS_MAX = 4 * 1024 * 1024;

export interface BoxPlan {
  readonly launch: AgentLaunch;
  readonly adapter: AgentAdapter;
  readonly policy: Policy;
  readonly workspace: Workspace;
  /** The set-up's layer, over the workspace. */
  readonly overlays: readonly BoxMount[];
  readonly model: ModelAccess;
  readonly heartbeat: Heartbeat;
}

export interface BoxOutcome {
  readonly result: BoxResult;
  /** The run was ended because the agent made no progress, although it printed output. */
  readonly noProgress: boolean;
  /** Standard output, or the end of it. */
  readonly stdout: string;
  readonly transcript: Transcript;
  readonly commands: WorkerCommands;
}

export async function inBox(ports: RunnerPorts, plan: BoxPlan): Promise<BoxOutcome> {
  const { launch, adapter, policy, heartbeat } = plan;
  const transcript = new Transcript();
  const stdout = new TextBlocks();
  const commands = new WorkerCommands();
  const stall = stallWatch(policy.limits.noProgressMs, heartbeat.signal);
  const redact = withoutToken(plan.model.agent.token);
  const onLine = (stream: 'stdout' | 'stderr', printed: string): void => {
    const line = redact(printed);
    transcript.add(stream, line);
    if (stream === 'stdout') {
      // The report is at the end of the output.
      stdout.add(line);
      stdout.keepLast(STDOUT_CHARS_MAX);
    }
    const command = stream === adapter.progressFrom ? adapter.commandOf?.(line) : undefined;
    if (command !== undefined) commands.note(command);
    const progress = stream === adapter.progressFrom ? adapter.progressOf(line) : undefined;
    if (progress === undefined) return;
    stall.moved();
    heartbeat.setDetails({ doing: progress.kind, text: progress.text });
  };
  try {
    const result = await runInBox(
      {
        command: launch.command,
        args: launch.args,
        env: launch.env,
        stdin: launch.stdin,
        files: launch.files,
        readOnlyMounts: launch.readOnlyMounts,
        workspaceDir: plan.workspace.dir,
        overlays: plan.overlays,
        maskedWorkspaceDirs: MASKED,
        ...(adapter.needsModel ? { modelSocketPath: plan.model.socketPath } : {}),
        limits: {
          ...defaultLimits,
          wallClockMs: policy.limits.wallClockMs,
          silenceMs: policy.limits.silenceMs,
        },
      },
      {
        tier: ports.tier,
        signal: stall.signal,
        onStdoutLine: line => onLine('stdout', line),
        onStderrLine: line => onLine('stderr', line),
      },
    );
    return {
      result: { ...result, stderrTail: redact(result.stderrTail) },
      noProgress: stall.stalled(),
      stdout: stdout.text(),
      transcript,
      commands,
    };
  } finally {
    stall.stop();
  }
}

/** Aborts after `noProgressMs` without progress, or when the run is cancelled. */
function stallWatch(noProgressMs: number, outer: AbortSignal) {
  const stall = new AbortController();
  const start = (): NodeJS.Timeout => setTimeout(() => stall.abort(), noProgressMs);
  let timer = start();
  return {
    signal: AbortSignal.any([outer, stall.signal]),
    moved: (): void => {
      clearTimeout(timer);
      timer = start();
    },
    stalled: (): boolean => stall.signal.aborted,
    stop: (): void => clearTimeout(timer),
  };
}
