/** Runs verification commands on one tree, each in its own box, and stores their output as artifacts. */
import { chmod, lstat, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { nodeInBox } from '../../box/about-box.ts';
import type { BoxMount, BoxResult } from '../../box/spec.ts';
import type { CheckResult } from '../../domain/state/work.ts';
import { checkoutExact } from '../../git/workspace-clone.ts';
import { removeTree } from '../../host/remove-tree.ts';
import { runShell, withFreshWorkspace } from './fresh-workspace.ts';
import type { Heartbeat } from './heartbeat.ts';
import type { RunnerPorts } from './ports.ts';
import type { SetUp } from './set-up-types.ts';
import { TestCounter } from './test-count.ts';
import { Transcript } from './transcript.ts';
import type { Tree } from './trees.ts';

export type CheckPlan = Pick<CheckResult, 'name' | 'command' | 'on' | 'expected'>;

export interface ChecksInput {
  /** Name of the workspaces; unique per run. */
  readonly name: string;
  readonly tree: Tree;
  readonly setUp: SetUp;
  readonly plans: readonly CheckPlan[];
  readonly timeoutMs: number;
  readonly heartbeat: Heartbeat;
}

export async function runChecks(ports: RunnerPorts, input: ChecksInput): Promise<readonly CheckResult[]> {
  return (await runChecksWithin(ports, input, Number.POSITIVE_INFINITY)).checks;
}

export interface ChecksInTime {
  readonly checks: readonly CheckResult[];
  /** Names of the checks for which no time was left. */
  readonly notRun: readonly string[];
}

/** All checks together take at most this time; each also has its own limit. */
export async function runChecksWithin(
  ports: RunnerPorts,
  input: ChecksInput,
  budgetMs: number,
): Promise<ChecksInTime> {
  return await inTime(input, budgetMs, (plan, timeoutMs) =>
    confirmedCheck(ports, { ...input, timeoutMs }, plan),
  );
}

/** Each command once, only for what its output says. */
export async function runOnceWithin(
  ports: RunnerPorts,
  input: ChecksInput,
  budgetMs: number,
): Promise<readonly CheckResult[]> {
  const run = (plan: CheckPlan, timeoutMs: number): Promise<CheckResult> =>
    runCheck(ports, { ...input, timeoutMs }, plan);
  return (await inTime(input, budgetMs, run)).checks;
}

async function inTime(
  { plans, timeoutMs }: ChecksInput,
  budgetMs: number,
  run: (plan: CheckPlan, timeoutMs: number) => Promise<CheckResult>,
): Promise<ChecksInTime> {
  const checks: CheckResult[] = [];
  const notRun: string[] = [];
  const endsAt = performance.now() + budgetMs;
  for (const plan of plans) {
    const leftMs = endsAt - performance.now();
    if (leftMs <= 0) notRun.push(plan.name);
    else checks.push(await run(plan, Math.min(timeoutMs, Math.ceil(leftMs))));
  }
  return { checks, notRun };
}

/** Repeats a failed check once. A flaky failure neither rejects a change nor proves it. */
async function confirmedCheck(ports: RunnerPorts, input: ChecksInput, plan: CheckPlan): Promise<CheckResult> {
  const first = await runCheck(ports, input, plan);
  if (first.passed || first.exitCode === null) return first;
  const second = await runCheck(ports, input, plan);
  return second.passed ? { ...first, flaky: true, passed: plan.expected === 'fail' } : first;
}

/** A fresh checkout for each command, so that one cannot influence the next. */
async function runCheck(ports: RunnerPorts, input: ChecksInput, plan: CheckPlan): Promise<CheckResult> {
  input.heartbeat.setDetails({ doing: 'verifying', text: `${plan.name} on ${plan.on}` });
  const { tree, setUp, heartbeat, timeoutMs } = input;
  const { signal } = heartbeat;
  let overlays: readonly BoxMount[] = [];
  const fill = async (dir: string): Promise<void> => {
    await fillWith(tree, dir, signal);
    ({ overlays } = await setUp.place(dir));
  };
  return await withFreshWorkspace(ports, { name: `${input.name}.verify`, fill }, async workspace => {
    const output = new Transcript();
    const counter = new TestCounter();
    const place = { workspaceDir: workspace.dir, readOnlyMounts: nodeInBox(ports.tier).mounts, overlays };
    const result = await runShell(ports, {
      ...place,
      command: plan.command,
      timeoutMs,
      heartbeat,
      output,
      counter,
    });
    const { tests } = counter;
    return {
      ...plan,
      ...outcome(result),
      ...(tests === undefined ? {} : { tests }),
      output: await output.store(ports.artifacts),
    };
  });
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
    await clearWay(dir, entry.path);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, entry.bytes);
    await chmod(path, entry.mode === '100755' ? 0o755 : 0o644);
  }
}

/** Where one commit has a file, the other can have a folder. Nothing is written through a link. */
async function clearWay(dir: string, path: string): Promise<void> {
  const names = path.split('/');
  for (const depth of names.keys()) {
    const place = join(dir, ...names.slice(0, depth + 1));
    const found = await lstat(place).catch(() => undefined);
    if (found === undefined) return;
    const isRight = depth === names.length - 1 ? found.isFile() : found.isDirectory();
    if (!isRight) await removeTree(place);
  }
}

/** On the base a failure may be the proof. A command without an exit code proves nothing. */
function outcome(result: BoxResult): Pick<CheckResult, 'passed' | 'exitCode' | 'durationMs'> {
  const exitCode = result.ending === 'exited' ? (result.exitCode ?? null) : null;
  return { passed: exitCode === 0, exitCode, durationMs: result.durationMs };
}
