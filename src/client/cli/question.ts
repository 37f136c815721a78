/** Asks one question at the terminal. */
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Cli, Output } from './cli.ts';

/** The typed answer; empty at the end of input. Rejects when Ctrl-C interrupts the command. */
export async function question(cli: Cli, output: Output, text: string): Promise<string> {
  output.write(text);
  const lines = createInterface({ input: cli.stdin });
  try {
    const ended = once(lines, 'close', { signal: cli.signal }).then(() => '');
    const line = once(lines, 'line', { signal: cli.signal }).then(([first]) => String(first));
    return await Promise.race([line, ended]);
  } finally {
    lines.close();
  }
}
