/** The context of every command: its streams, its settings and its abort signal. */
import picocolors from 'picocolors';
import type { Settings } from './settings.ts';

export type Paint = ReturnType<typeof picocolors.createColors>;

export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** The program's environment, passed in by its entry point; no other code of this folder reads `process`. */
export interface Surroundings {
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: Output;
  readonly stderr: Output;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
}

export interface Cli extends Surroundings {
  /** Aborted by the first Ctrl-C. */
  readonly signal: AbortSignal;
  readonly now: () => number;
  /** Colours for stdout; none when it is not a terminal. */
  readonly paint: Paint;
  /** Flags, then the environment, then the file that `up` writes. Available once the flags are parsed. */
  readonly settings: () => Settings;
}

/** Writes data to stdout, one line each. */
export function print(cli: Cli, lines: readonly string[]): void {
  if (lines.length > 0) cli.stdout.write(`${lines.join('\n')}\n`);
}

/** Writes one JSON document to stdout. */
export function printJson(cli: Cli, value: unknown): void {
  cli.stdout.write(`${escapeControls(JSON.stringify(value, null, 2))}\n`);
}

/** Writes one JSON object per line, for commands that stream. */
export function printJsonLine(cli: Cli, value: unknown): void {
  cli.stdout.write(`${escapeControls(JSON.stringify(value))}\n`);
}

/** Writes a message to stderr. */
export function say(cli: Cli, line: string): void {
  cli.stderr.write(`${line}\n`);
}

/** Colours for a stream: on terminals only, and never with NO_COLOR (no-color.org). */
export function paintFor(output: Output, environment: Surroundings['environment']): Paint {
  const off = (environment['NO_COLOR'] ?? '') !== '' || environment['TERM'] === 'dumb';
  return picocolors.createColors(output.isTTY === true && !off);
}

/** Escapes DEL, C1 controls and direction marks, which JSON leaves as they are and a terminal would act on. */
function escapeControls(json: string): string {
  return json.replace(
    /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
