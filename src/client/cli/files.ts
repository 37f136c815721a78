/** Reads a file named on the command line, or standard input. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { text as wholeText } from 'node:stream/consumers';
import type { Cli } from './cli.ts';
import { CliError, EXIT } from './exit.ts';

/** `-` reads standard input. Throws `CliError` usage when the file cannot be read. */
export async function fileText(cli: Cli, file: string): Promise<string> {
  try {
    return file === '-'
      ? await wholeText(cli.stdin)
      : await readFile(resolve(cli.workingDirectory, file), 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new CliError(EXIT.usage, `cannot read ${file} (${code})`);
  }
}
