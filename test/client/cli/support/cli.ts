/** Runs one command line in this process, like the entry point, and captures its output. */
import { Readable } from 'node:stream';
import { expect } from '@jest/globals';
import type { Output } from '../../../../src/client/cli/cli.ts';
import type { CommandLoaders } from '../../../../src/client/cli/command.ts';
import { run } from '../../../../src/client/cli/program.ts';

export interface Scene {
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory?: string;
  readonly stdin?: string;
  /** Makes stdin, stdout and stderr a terminal. */
  readonly terminal?: { readonly columns: number };
  readonly extraCommands?: CommandLoaders;
  readonly signal?: AbortSignal;
  readonly now?: () => number;
  /** Receives each write at once. */
  readonly onOutput?: (text: string) => void;
}

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The program sees neither a folder of this checkout nor a setting of this machine. */
export async function cli(args: readonly string[], scene: Scene = {}): Promise<Ran> {
  const [out, err] = [sink(scene), sink(scene)];
  const stdin = Object.assign(Readable.from([scene.stdin ?? '']), { isTTY: scene.terminal !== undefined });
  const code = await run({
    argv: ['node', 'signalbox', ...args],
    version: '1.2.3',
    stdin,
    stdout: out.output,
    stderr: err.output,
    environment: scene.environment ?? {},
    workingDirectory: scene.workingDirectory ?? '/nonexistent',
    extraCommands: scene.extraCommands ?? {},
    signal: scene.signal ?? new AbortController().signal,
    ...(scene.now === undefined ? {} : { now: scene.now }),
  });
  return { code, stdout: out.text(), stderr: err.text() };
}

/** The one JSON document that the command printed. */
export function jsonOf({ stdout }: Ran): unknown {
  return JSON.parse(stdout) as unknown;
}

/** Expects exactly one line on stderr, without a stack or an object dump. */
export function expectOneLine({ stderr }: Ran, says: RegExp): void {
  expect(stderr).toMatch(says);
  expect(stderr).toMatch(/^signalbox: [^\n]+\n$/);
  expect(stderr).not.toMatch(/\n\s+at |\[object|undefined|unexpected error/);
}

function sink({ terminal, onOutput }: Scene): { readonly output: Output; readonly text: () => string } {
  const parts: string[] = [];
  const write = (text: string): void => {
    parts.push(text);
    onOutput?.(text);
  };
  const output = terminal === undefined ? { write } : { write, isTTY: true, columns: terminal.columns };
  return { output, text: () => parts.join('') };
}
