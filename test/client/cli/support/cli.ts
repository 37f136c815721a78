/** Runs one command line in this process, as its entry would, and keeps what it wrote. */
import { Readable } from 'node:stream';
import { expect } from '@jest/globals';
import type { Output } from '../../../../src/client/cli/cli.ts';
import type { CommandFactory } from '../../../../src/client/cli/command.ts';
import { run } from '../../../../src/client/cli/program.ts';

export interface Scene {
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory?: string;
  readonly stdin?: string;
  /** stdin, stdout and stderr are a terminal. */
  readonly terminal?: { readonly columns: number };
  readonly extraCommands?: readonly CommandFactory[];
  readonly signal?: AbortSignal;
  readonly now?: () => number;
  /** Whatever is written, as it is written. */
  readonly onOutput?: (text: string) => void;
}

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** No folder of this checkout and no setting of this machine reaches the program. */
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
    extraCommands: scene.extraCommands ?? [],
    signal: scene.signal ?? new AbortController().signal,
    ...(scene.now === undefined ? {} : { now: scene.now }),
  });
  return { code, stdout: out.text(), stderr: err.text() };
}

/** The one JSON document that the command printed. */
export function jsonOf({ stdout }: Ran): unknown {
  return JSON.parse(stdout) as unknown;
}

/** One line that says what to do; no stack, no object dump. Talk before it is allowed only where said. */
export function expectOneLine({ stderr }: Ran, says: RegExp): void {
  expect(stderr).toMatch(says);
  expect(stderr).toMatch(/^signalbox: [^\n]+\n$/);
  expect(stderr).not.toMatch(/\n\s+at |\[object|undefined|unexpected:/);
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
