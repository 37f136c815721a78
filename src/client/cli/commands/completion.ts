/** `completion`: a shell completion script, generated from the commands themselves. */
import { Argument, type Command } from 'commander';
import { bashScript } from '../completion/bash.ts';
import { fishScript } from '../completion/fish.ts';
import { type CompletedCommand, completedTree } from '../completion/tree.ts';
import { zshScript } from '../completion/zsh.ts';
import { command, type CommandFactory } from '../command.ts';
import { SUMMARIES } from '../summaries.ts';

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript } satisfies Record<
  string,
  (tree: readonly CompletedCommand[]) => string
>;

export const completionCommand: CommandFactory = cli =>
  command({
    name: 'completion',
    says: SUMMARIES.completion,
    examples: [
      'completion bash > ~/.local/share/bash-completion/completions/signalbox',
      'completion zsh > ~/.zfunc/_signalbox     # with ~/.zfunc in fpath',
      'completion fish > ~/.config/fish/completions/signalbox.fish',
    ],
  })
    .addArgument(new Argument('<shell>', 'Your shell').choices(Object.keys(SCRIPTS)))
    .action((shell: keyof typeof SCRIPTS, _options: object, made: Command) => {
      cli.stdout.write(SCRIPTS[shell](completedTree(rootOf(made))));
    });

function rootOf(made: Command): Command {
  return made.parent === null ? made : rootOf(made.parent);
}
