/** The commands that start workers: a run by hand, and the long-running processes without our supervisor. */
import type { Command } from 'commander';
import type { Cli } from '../client/cli/cli.ts';
import { command, type CommandFactory } from '../client/cli/command.ts';
import { runCommand } from '../client/cli/commands/run.ts';
import type { ProcessName } from './processes.ts';

/** Loaded on demand: all other commands start faster without box, git and agents. */
export const handCommand: CommandFactory = runCommand(async (ask, hooks) => {
  const { byHand } = await import('./by-hand.ts');
  return await byHand(ask, hooks);
});

/** Exits this process: Temporal's native threads and open sockets would keep it alive. */
export type Leave = (code: number) => never;

/** They read flags and the environment, never the settings file of `up`: it may be in another user's folder. */
export function processCommands(leave: Leave): readonly CommandFactory[] {
  const make = (cli: Cli, name: ProcessName, says: string): Command =>
    command({ name, says }).action(async () => {
      // Loaded on demand: all other commands start faster without Temporal's native part.
      const { runProcess } = await import('./processes.ts');
      leave(await runProcess(name, cli.settings().own));
    });
  return [
    cli =>
      command({ name: 'worker', says: 'Run one worker until SIGTERM' })
        .addCommand(make(cli, 'scheduler', 'Run the workflows and every write to GitHub'))
        .addCommand(make(cli, 'runner', 'Run agents and verifications, each in a box')),
    cli => make(cli, 'gateway', 'Receive signed webhooks and pass them to Temporal, until SIGTERM'),
    cli =>
      make(
        cli,
        'model-gateway',
        'Relay requests to the model, as the only process that holds its key, until SIGTERM',
      ),
  ];
}
