/** Runs a tool of a route with limits; the error of a failure is the tool's last output line. */
import { execa } from 'execa';
import { toolEnvironment } from '../tool-environment.ts';
import type { RouteContext } from './route.ts';

const OUTPUT_BYTES_MAX = 1_000_000;
const CAUSE_CHARACTERS_MAX = 200;

export interface ToolRun {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly timeoutMs: number;
  readonly env?: Readonly<Record<string, string>>;
}

export async function runTool(context: RouteContext, run: ToolRun): Promise<void> {
  const result = await execa(run.command, [...run.args], {
    cwd: run.cwd,
    env: { ...toolEnvironment(context.environment), ...run.env },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    all: true,
    timeout: run.timeoutMs,
    maxBuffer: OUTPUT_BYTES_MAX,
    cancelSignal: context.signal,
    forceKillAfterDelay: 2_000,
  });
  context.signal.throwIfAborted();
  if (result.timedOut) throw new Error(`timed out after ${run.timeoutMs / 1000} s`);
  if (result.failed) throw new Error(lastLine(result.all) || result.shortMessage);
}

function lastLine(text: string): string {
  const line = text.split('\n').findLast(candidate => candidate.trim() !== '') ?? '';
  return line.trim().slice(0, CAUSE_CHARACTERS_MAX);
}
