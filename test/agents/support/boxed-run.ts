/** One run as the runner does it: adapter, model gateway, box and real agent binary, with a scripted provider. */
import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type {
  AgentAdapter,
  AgentCommandEvent,
  AgentEnding,
  AgentProgress,
} from '../../../src/agents/adapter.ts';
import { renderPrompt } from '../../../src/agents/prompt.ts';
import { runInBox } from '../../../src/box/run.ts';
import { defaultLimits, type BoxResult } from '../../../src/box/spec.ts';
import { detectTier } from '../../../src/box/detect.ts';
import type { BoxTier } from '../../../src/box/tier.ts';
import type { ModelLimits, RunUsage } from '../../../src/model-gateway/types.ts';
import type { AgentTask } from '../../../src/contracts/agent-task.ts';
import { plenty, testModel, type Stage } from '../../model-gateway/support/gateway.ts';
import { aTask } from './task.ts';

const projectFiles = fileURLToPath(new URL('../../../simulator/project/files', import.meta.url));

export interface BoxedRun {
  readonly stage: Stage;
  readonly adapter: AgentAdapter;
  readonly task?: Partial<AgentTask>;
  readonly limits?: Partial<ModelLimits>;
  /** The model registered with the gateway; the agent requests `agentModel`. */
  readonly model?: string;
  readonly agentModel?: string;
  readonly signal?: AbortSignal;
  /** Files added to the base commit. */
  readonly plant?: Readonly<Record<string, string>>;
  readonly maskedWorkspaceDirs?: readonly string[];
  /** Instead of the host's own. */
  readonly tier?: BoxTier;
  /** Called after the run is registered and before the agent starts. */
  readonly before?: () => Promise<void>;
}

export interface RunOutcome {
  readonly ending: AgentEnding;
  readonly usage: RunUsage;
  readonly box: BoxResult;
  readonly stdout: string;
  readonly progress: readonly AgentProgress[];
  readonly commands: readonly AgentCommandEvent[];
  /** `git status --porcelain` of the workspace, without user and system configuration. */
  readonly changed: readonly string[];
}

export async function runBoxed(run: BoxedRun): Promise<RunOutcome> {
  const task = aTask(run.task);
  const { client } = run.stage;
  const { model = testModel, agentModel = model, maskedWorkspaceDirs = [] } = run;
  const tier = run.tier ?? (await detectTier());
  const dir = await mkdtemp(join(tmpdir(), 'agent-'));
  const workspaceDir = join(dir, 'ws');
  try {
    await workspace(workspaceDir, { boxUid: tier.boxUid, plant: run.plant });
    const registered = await client.register({
      runId: task.runId,
      model,
      limits: { ...plenty, ...run.limits },
    });
    await run.before?.();
    const launch = await run.adapter.prepare({
      task,
      prompt: renderPrompt(task),
      model: {
        name: agentModel,
        baseUrl: 'http://127.0.0.1:8080/v1',
        token: registered.token,
      },
      runDir: dir,
    });
    const stdout: string[] = [];
    const stderr: string[] = [];
    const box = await runInBox(
      {
        command: launch.command,
        args: launch.args,
        env: launch.env,
        files: launch.files,
        stdin: launch.stdin,
        readOnlyMounts: launch.readOnlyMounts,
        workspaceDir,
        maskedWorkspaceDirs,
        modelSocketPath: registered.socketPath,
        limits: { ...defaultLimits, wallClockMs: 25_000, killGraceMs: 100 },
      },
      {
        tier,
        onStdoutLine: line => stdout.push(line),
        onStderrLine: line => stderr.push(line),
        ...(run.signal ? { signal: run.signal } : {}),
      },
    );
    const usage = await client.close(task.runId);
    const ending = run.adapter.finish({
      exit: { code: box.exitCode ?? null, signal: box.signal ?? null },
      stdout: stdout.join('\n'),
      stderr: stderr.join('\n'),
      gateway: usage,
    });
    const lines = run.adapter.progressFrom === 'stdout' ? stdout : stderr;
    const progress = lines.flatMap(line => run.adapter.progressOf(line) ?? []);
    const commands = lines.flatMap(line => run.adapter.commandOf?.(line) ?? []);
    return {
      ending,
      usage,
      box,
      stdout: stdout.join('\n'),
      progress,
      commands,
      changed: git(workspaceDir, 'status', '--porcelain', '-uall')
        .split('\n')
        .filter(line => line !== ''),
    };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

interface Content {
  readonly boxUid: number | undefined;
  readonly plant: Readonly<Record<string, string>> | undefined;
}

async function workspace(dir: string, { boxUid, plant }: Content): Promise<void> {
  await cp(projectFiles, dir, { recursive: true });
  for (const [file, text] of Object.entries(plant ?? {})) {
    await mkdir(dirname(join(dir, file)), { recursive: true });
    await writeFile(join(dir, file), text);
  }
  git(dir, 'init', '-q');
  git(dir, 'add', '-A');
  git(dir, '-c', 'user.name=t', '-c', 'user.email=t@example.invalid', 'commit', '-qm', 'base');
  if (boxUid !== undefined) execFileSync('chown', ['-R', `${boxUid}:${boxUid}`, dir]);
}

function git(dir: string, ...args: string[]): string {
  const env = {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_SYSTEM: '/dev/null',
  };
  return execFileSync('git', ['-c', 'safe.directory=*', '-C', dir, ...args], { env, encoding: 'utf8' });
}
