/** Runs the built program as a process in a folder, with only the given settings. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { until } from '../../../../support/until.ts';
import { familyOf, type Member } from './family.ts';

const bin = path.resolve(import.meta.dirname, '../../../../../bin/signalbox.js');
const hostSettings = ['PATH', 'HOME', 'XDG_CACHE_HOME', 'TMPDIR', 'NODE_EXTRA_CA_CERTS'];

export interface ProgramInput {
  readonly folder: string;
  readonly args: readonly string[];
  readonly values: Readonly<Record<string, string>>;
}

export interface Running {
  readonly pid: number;
  readonly said: () => string;
  readonly printed: () => string;
  readonly exit: Promise<number>;
  /** All descendants seen so far. */
  readonly family: () => readonly Member[];
  signal(signal: NodeJS.Signals): void;
  says(pattern: RegExp, limitMs?: number): Promise<RegExpExecArray>;
}

const started: { readonly child: ChildProcess; readonly exit: Promise<number> }[] = [];
const SEEN_EVERY_MS = 40;

export function start({ folder, args, values }: ProgramInput): Running {
  mkdirSync(folder, { recursive: true });
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: folder,
    env: { ...hostEnvironment(), ...values },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [said, printed] = ['', ''];
  child.stderr.on('data', (part: Buffer) => (said += part.toString()));
  child.stdout.on('data', (part: Buffer) => (printed += part.toString()));
  const exit = new Promise<number>(resolve => child.once('close', code => resolve(code ?? -1)));
  started.push({ child, exit });
  const seen = watchFamily(child, exit);
  return {
    pid: child.pid ?? 0,
    said: () => said,
    printed: () => printed,
    exit,
    family: () => [...seen.values()],
    signal: signal => void child.kill(signal),
    says: (pattern, limitMs = 40_000) =>
      until(
        `${String(pattern)} on standard error`,
        () => {
          const found = pattern.exec(said);
          if (found === null && child.exitCode !== null)
            throw new Error(`ended (${child.exitCode}): ${said}`);
          return found ?? undefined;
        },
        limitMs,
      ),
  };
}

/** Kills what a failed test left running; the children notice and exit. */
export async function endAll(): Promise<void> {
  for (const { child, exit } of started.splice(0)) {
    child.kill('SIGKILL');
    await exit;
  }
}

/** Runs the program to its end. */
export async function runProgram(
  input: ProgramInput,
): Promise<{ code: number; said: string; printed: string }> {
  const running = start(input);
  const code = await running.exit;
  return { code, said: running.said(), printed: running.printed() };
}

function watchFamily(child: ChildProcess, exit: Promise<number>): ReadonlyMap<string, Member> {
  const seen = new Map<string, Member>();
  const look = (): void => {
    for (const member of familyOf(child.pid ?? 0)) seen.set(`${member.pid}:${member.startedAt}`, member);
  };
  const timer = setInterval(look, SEEN_EVERY_MS);
  void exit.finally(() => clearInterval(timer));
  return seen;
}

function hostEnvironment(): Record<string, string> {
  return Object.fromEntries(
    hostSettings.flatMap(name => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
