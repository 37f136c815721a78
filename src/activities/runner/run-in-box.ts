/** Runs the agent in the box: sends progress to the heartbeat and output to the transcript, and enforces the limits. */
import type { AgentAdapter, AgentLaunch } from '../../agents/adapter.ts';
import { LINE_CHARS_MAX } from '../../box/lines.ts';
import { runInBox } from '../../box/run.ts';
import { type BoxMount, type BoxResult, type BoxSpec, defaultLimits } from '../../box/spec.ts';
import type { Workspace } from '../../box/workspace.ts';
import type { Policy } from '../../domain/policy.ts';
import type { Heartbeat } from './heartbeat.ts';
import type { ModelAccess } from './model.ts';
import { Paced } from './paced.ts';
import type { RunnerPorts } from './ports.ts';
import { TextBlocks } from './text-blocks.ts';
import { Transcript } from './transcript.ts';
import { WorkerCommands } from './worker-commands.ts';
import { withoutToken } from './run-token.ts';

/** Agent configuration in the workspace is masked: issue text could invoke skills from there. */
export const MASKED = ['.agents', '.codex', '.claude'];
/** The report is at the end of the output. The adapters read what is kept in one go, so its lines are bounded too. */
const STDOUT_KEPT = { chars: LINE_CHARS_MAX, lines: 50_000 };

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
  const { adapter, policy, heartbeat } = plan;
  const transcript = new Transcript();
  const stdout = new TextBlocks();
  const commands = new WorkerCommands();
  const details = new Paced(heartbeat.setDetails);
  const stall = stallWatch(policy.limits.noProgressMs, heartbeat.signal);
  const redact = withoutToken(plan.model.agent.token);
  const onLine = (stream: 'stdout' | 'stderr', printed: string): void => {
    const line = redact(printed);
    transcript.add(stream, line);
    if (stream === 'stdout') {
      stdout.add(line);
      stdout.keepLast(STDOUT_KEPT);
    }
    if (stream !== adapter.progressFrom) return;
    const command = commands.isFull ? undefined : adapter.commandOf?.(line);
    if (command !== undefined) commands.note(command);
    const progress = adapter.progressOf(line);
    if (progress === undefined) return;
    stall.moved();
    details.offer({ doing: progress.kind, text: progress.text });
  };
  try {
    const result = await runInBox(specOf(plan), {
      tier: ports.tier,
      signal: stall.signal,
      onHolder: heartbeat.onHolder,
      onStdoutLine: line => onLine('stdout', line),
      onStderrLine: line => onLine('stderr', line),
    });
    return {
      result: { ...result, stderrTail: redact(result.stderrTail) },
      noProgress: stall.stalled(),
      stdout: stdout.text(),
      transcript,
      commands,
    };
  } finally {
    details.end();
    stall.stop();
  }
}

function specOf({ launch, adapter, policy, workspace, overlays, model }: BoxPlan): BoxSpec {
  const { wallClockMs, silenceMs } = policy.limits;
  return {
    ...launch,
    workspaceDir: workspace.dir,
    overlays,
    maskedWorkspaceDirs: MASKED,
    ...(adapter.needsModel ? { modelSocketPath: model.socketPath } : {}),
    limits: { ...defaultLimits, wallClockMs, silenceMs },
  };
}

/** Aborts after `noProgressMs` without progress, or when the run is cancelled. */
function stallWatch(noProgressMs: number, outer: AbortSignal) {
  const stall = new AbortController();
  const timer = setTimeout(() => stall.abort(), noProgressMs);
  return {
    signal: AbortSignal.any([outer, stall.signal]),
    moved: (): void => void timer.refresh(),
    stalled: (): boolean => stall.signal.aborted,
    stop: (): void => clearTimeout(timer),
  };
}
