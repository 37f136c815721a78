/** Asks whoever sits at the terminal one question. */
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Cli, Output } from './cli.ts';

/** The answer as typed; an end of input is an empty one. Rejects when Ctrl-C ends the command. */
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
