/** Runs verification commands on one tree, each in a box of its own, and keeps their output as artifacts. */
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { nodeInBox } from '../../box/about-box.ts';
import { runInBox } from '../../box/run.ts';
import { type BoxMount, type BoxResult, defaultLimits } from '../../box/spec.ts';
import { allocateWorkspace } from '../../box/workspace.ts';
import type { CheckResult } from '../../domain/state.ts';
import { checkoutExact } from '../../git/workspace-clone.ts';
import { permanent } from '../failures.ts';
import type { Pulse } from './heartbeat.ts';
import type { RunnerPorts } from './ports.ts';
import type { SetUp } from './set-up-types.ts';
import { Transcript } from './transcript.ts';
import type { Tree } from './trees.ts';

export type CheckPlan = Pick<CheckResult, 'name' | 'command' | 'on' | 'expected'>;

export interface ChecksInput {
  /** Of the workspaces, unique per run. */
  readonly name: string;
  readonly tree: Tree;
  readonly setUp: SetUp;
  readonly plans: readonly CheckPlan[];
  readonly timeoutMs: number;
  readonly pulse: Pulse;
}

export async function runChecks(ports: RunnerPorts, input: ChecksInput): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = [];
  for (const plan of input.plans) results.push(await believedCheck(ports, input, plan));
  return results;
}

/** A failure is believed the second time: one that comes and goes neither convicts a change nor proves it. */
async function believedCheck(ports: RunnerPorts, input: ChecksInput, plan: CheckPlan): Promise<CheckResult> {
  const first = await runCheck(ports, input, plan);
  if (first.passed || first.exitCode === null) return first;
  const second = await runCheck(ports, input, plan);
  return second.passed ? { ...first, flaky: true, passed: plan.expected === 'fail' } : first;
}

/** A fresh checkout for each command: one cannot prepare the ground for the next. */
async function runCheck(ports: RunnerPorts, input: ChecksInput, plan: CheckPlan): Promise<CheckResult> {
  input.pulse.say({ doing: 'verifying', text: `${plan.name} on ${plan.on}` });
  let overlays: readonly BoxMount[] = [];
  const workspace = await allocateWorkspace({
    tier: ports.tier,
    rootDir: ports.workspacesDir,
    runId: `${input.name}.verify`,
    workspaceBytesMax: defaultLimits.workspaceBytesMax,
    workspaceFilesMax: defaultLimits.workspaceFilesMax,
    fill: async dir => {
      await fillWith(input.tree, dir, input.pulse.signal);
      ({ overlays } = await input.setUp.place(dir));
    },
  });
  try {
    const output = new Transcript();
    const result = await runInBox(
      {
        command: '/bin/sh',
        args: ['-c', plan.command],
        env: boxEnvironment(),
        stdin: '',
        readOnlyMounts: nodeInBox(ports.tier).mounts,
        workspaceDir: workspace.dir,
        overlays,
        limits: { ...defaultLimits, wallClockMs: input.timeoutMs },
      },
      {
        tier: ports.tier,
        signal: input.pulse.signal,
        onStdoutLine: line => output.add('stdout', line),
        onStderrLine: line => output.add('stderr', line),
      },
    );
    return { ...plan, ...outcome(result), output: await output.store(ports.artifacts) };
  } finally {
    await workspace.release();
  }
}

async function fillWith(tree: Tree, dir: string, signal: AbortSignal): Promise<void> {
  const { mirror, objectDirectory, commit, overlay } = tree;
  await checkoutExact({
    mirror,
    ...(objectDirectory === undefined ? {} : { objectDirectory }),
    commit,
    dir,
    signal,
  });
  for (const entry of overlay) {
    const path = join(dir, entry.path);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, entry.bytes);
    await chmod(path, entry.mode === '100755' ? 0o755 : 0o644);
  }
}

/** A command that never ran has not failed: on the base that would even pass for a proof. */
function outcome(result: BoxResult): Pick<CheckResult, 'passed' | 'exitCode' | 'durationMs'> {
  if (result.ending === 'could-not-start')
    throw permanent('RunnerFailed', `the box could not be started: ${(result.problem ?? '').slice(-500)}`);
  const exitCode = result.ending === 'exited' ? (result.exitCode ?? null) : null;
  return { passed: exitCode === 0, exitCode, durationMs: result.durationMs };
}

export function boxEnvironment(): Readonly<Record<string, string>> {
  return {
    PATH: '/opt/node/bin:/usr/local/bin:/usr/bin:/bin',
    HOME: '/home/agent',
    TMPDIR: '/tmp',
    LANG: 'C.UTF-8',
    CI: 'true',
  };
}
