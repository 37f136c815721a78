/** What every command gets: where to write, which settings count, and when to stop. */
import picocolors from 'picocolors';
import type { Settings } from './settings.ts';

export type Paint = ReturnType<typeof picocolors.createColors>;

export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** The program's surroundings, given by its entry; nothing below reads `process`. */
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
  /** Colours for stdout, or none. */
  readonly paint: Paint;
  /** Flags, then the environment, then the file that `up` left; settled before a command's action runs. */
  readonly settings: () => Settings;
}

/** Data: to stdout, one line each. */
export function print(cli: Cli, lines: readonly string[]): void {
  if (lines.length > 0) cli.stdout.write(`${lines.join('\n')}\n`);
}

/** One document. */
export function printJson(cli: Cli, value: unknown): void {
  cli.stdout.write(`${escapeControls(JSON.stringify(value, null, 2))}\n`);
}

/** One object a line, for commands that stream. */
export function printJsonLine(cli: Cli, value: unknown): void {
  cli.stdout.write(`${escapeControls(JSON.stringify(value))}\n`);
}

/** Talk: to stderr. */
export function say(cli: Cli, line: string): void {
  cli.stderr.write(`${line}\n`);
}

/** Colours for a stream: on terminals only, never against NO_COLOR (no-color.org). */
export function paintFor(output: Output, environment: Surroundings['environment']): Paint {
  const off = (environment['NO_COLOR'] ?? '') !== '' || environment['TERM'] === 'dumb';
  return picocolors.createColors(output.isTTY === true && !off);
}

/** JSON leaves DEL, C1 controls and direction marks as they are; a terminal would act on them. Same value, escaped. */
function escapeControls(json: string): string {
  return json.replace(
    /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
