/** The commander tree as plain data for the completion scripts. */
import type { Command, Option } from 'commander';

export interface CompletedCommand {
  /** Relative to the program: empty for the program itself, `contract check` for a subcommand. */
  readonly path: string;
  readonly commands: readonly Word[];
  readonly options: readonly CompletedOption[];
  /** The possible values of an argument; empty when it is free-form. */
  readonly choices: readonly string[];
  /** Whether an argument is a file. */
  readonly takesFile: boolean;
}

export interface Word {
  readonly name: string;
  readonly says: string;
}

export interface CompletedOption {
  /** `--json`, `-V`. */
  readonly flags: readonly string[];
  readonly says: string;
  readonly takesValue: boolean;
  readonly choices: readonly string[];
}

/** Every command, the program first. The program's options are accepted after each command too. */
export function completedTree(program: Command): readonly CompletedCommand[] {
  const common = optionsOf(program).filter(({ flags }) => !flags.includes('--version'));
  return [completed(program, '', []), ...below(program, '', common)];
}

function below(
  parent: Command,
  path: string,
  common: readonly CompletedOption[],
): readonly CompletedCommand[] {
  return parent.commands.flatMap(child => {
    const own = `${path} ${child.name()}`.trim();
    return [completed(child, own, common), ...below(child, own, common)];
  });
}

function completed(command: Command, path: string, common: readonly CompletedOption[]): CompletedCommand {
  const { registeredArguments } = command;
  return {
    path,
    commands: command.commands.map(child => ({ name: child.name(), says: firstWords(child.description()) })),
    options: [...optionsOf(command), ...common, HELP],
    choices: registeredArguments.flatMap(argument => argument.argChoices ?? []),
    takesFile: registeredArguments.some(argument => argument.name() === 'file'),
  };
}

const HELP: CompletedOption = { flags: ['--help'], says: 'Show help', takesValue: false, choices: [] };

function optionsOf(command: Command): readonly CompletedOption[] {
  return command.options.filter(option => !option.hidden).map(completedOption);
}

function completedOption(option: Option): CompletedOption {
  return {
    flags: [option.long, option.short].filter(flag => flag !== undefined),
    says: firstWords(option.description),
    takesValue: option.required || option.optional,
    choices: option.argChoices ?? [],
  };
}

const WORDS_CHARS_MAX = 70;

/** Descriptions are put in shell quotes, so every special character is removed. */
function firstWords(text: string): string {
  return text.replace(/[^\p{L}\p{N} ,.;()#/<>_-]/gu, '').slice(0, WORDS_CHARS_MAX);
}
