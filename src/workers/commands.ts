/** The commands that do a worker's work: a run by hand, and the long-running processes without a supervisor of ours. */
import type { Command } from 'commander';
import type { Cli } from '../client/cli/cli.ts';
import { command, type CommandFactory } from '../client/cli/command.ts';
import { runCommand } from '../client/cli/commands/run.ts';
import type { ProcessName } from './processes.ts';

/** Loaded when wanted: every other command starts faster without box, git and agents. */
export const handCommand: CommandFactory = runCommand(async (ask, hooks) => {
  const { byHand } = await import('./by-hand.ts');
  return await byHand(ask, hooks);
});

/** Ends this process: Temporal's native threads and open sockets would keep it. */
export type Leave = (code: number) => never;

/** They take flags and the environment, never the file of an `up`: it may lie in a folder of somebody else's. */
export function processCommands(leave: Leave): readonly CommandFactory[] {
  const make = (cli: Cli, name: ProcessName, says: string): Command =>
    command({ name, says }).action(async () => {
      // Loaded when wanted: every other command starts faster without Temporal's native part.
      const { runProcess } = await import('./processes.ts');
      leave(await runProcess(name, cli.settings().own));
    });
  return [
    cli =>
      command({ name: 'worker', says: 'one long-running worker, until SIGTERM' })
        .addCommand(make(cli, 'scheduler', 'workflows and every GitHub write'))
        .addCommand(make(cli, 'runner', 'agent runs and verifications in the box')),
    cli => make(cli, 'gateway', 'signed webhooks in, pokes into Temporal, until SIGTERM'),
    cli => make(cli, 'model-gateway', 'the way to the model, and the only holder of its key, until SIGTERM'),
  ];
}
