/** Builds commands with help and examples. */
import { Command } from 'commander';
import type { Cli } from './cli.ts';
import type { CommandName } from './summaries.ts';

/** Called at most once per run of the program. */
export type CommandFactory = (cli: Cli) => Command;

/** Loads what a command needs. Called when the command line names it. */
export type CommandLoader = () => Promise<CommandFactory>;

export type CommandLoaders = Readonly<Partial<Record<CommandName, CommandLoader>>>;

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
