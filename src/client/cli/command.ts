/** Builds commands with help and examples, and opens and closes their Temporal connection. */
import { Command } from 'commander';
import { type Temporal, temporalSettings } from '../temporal/connection.ts';
import { connectWhenReachable } from '../temporal/reach.ts';
import { type Cli, say } from './cli.ts';

/** Called once per run of the program. */
export type CommandFactory = (cli: Cli) => Command;

export interface JsonOption {
  readonly json?: boolean;
}

export interface CommandText {
  readonly name: string;
  readonly says: string;
  readonly examples?: readonly string[];
}

export function command({ name, says, examples = [] }: CommandText): Command {
  const made = new Command(name).description(says);
  if (examples.length > 0) {
    const lines = examples.map(example => `  $ signalbox ${example}`);
    made.addHelpText('after', `\nExamples:\n${lines.join('\n')}`);
  }
  return made;
}

/** A command that prints data and takes `--json`. */
export function dataCommand(text: CommandText, json = 'Print one JSON document'): Command {
  return command(text).option('--json', json);
}

/** Connects, runs `work`, and always closes the connection. `waitMs`: how long the server may take to answer. */
export async function withTemporal<T>(
  cli: Cli,
  work: (temporal: Temporal) => Promise<T>,
  { waitMs = 0 }: { readonly waitMs?: number } = {},
): Promise<T> {
  const { values, note } = cli.settings();
  if (note !== undefined) say(cli, note);
  const deadline = Date.now() + waitMs;
  const temporal = await connectWhenReachable(temporalSettings(values), {
    signal: cli.signal,
    mayWait: () => Date.now() < deadline,
  });
  try {
    return await work(temporal);
  } finally {
    await temporal.close();
  }
}
