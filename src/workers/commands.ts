/** The commands that start workers: a run by hand, and the long-running processes without our supervisor. */
import type { Command } from 'commander';
import type { Cli } from '../client/cli/cli.ts';
import { command, type CommandFactory, type CommandText } from '../client/cli/command.ts';
import { moveCommand } from '../client/cli/commands/move.ts';
import { runCommand } from '../client/cli/commands/run.ts';
import type { ProcessName } from './processes.ts';

/** Loaded on demand: all other commands start faster without box, git and agents. */
export const handCommand: CommandFactory = runCommand(async (ask, hooks) => {
  const { byHand } = await import('./by-hand.ts');
  return await byHand(ask, hooks);
});

/** Loaded on demand: a replay needs Temporal's native part. */
export const movingCommand: CommandFactory = moveCommand(async (...asked) => {
  const { openReplay, silenceTemporal } = await import('./replay.ts');
  silenceTemporal();
  return await openReplay(...asked);
});

/** Exits this process: Temporal's native threads and open sockets would keep it alive. */
export type Leave = (code: number) => never;

/** They read flags and the environment, never the settings file of `up`: it may be in another user's folder. */
export function processCommands(leave: Leave): readonly CommandFactory[] {
  const make = (cli: Cli, { name, says, examples = [] }: ProcessText): Command =>
    command({ name, says, examples }).action(async () => {
      // Loaded on demand: all other commands start faster without Temporal's native part.
      const { runProcess } = await import('./processes.ts');
      leave(await runProcess(name, () => cli.settings().own));
    });
  return [
    cli =>
      command({ name: 'worker', says: 'Run one worker until SIGTERM' })
        .addCommand(make(cli, { name: 'scheduler', says: 'Run the workflows and every write to GitHub' }))
        .addCommand(make(cli, { name: 'runner', says: 'Run agents and verifications, each in a box' })),
    ...SERVICES.map(
      ({ name, says, needs }): CommandFactory =>
        cli =>
          make(cli, { name, says: `${says}, until SIGTERM`, examples: [`${name}  # needs ${needs}`] }),
    ),
  ];
}

interface ProcessText extends CommandText {
  readonly name: ProcessName;
}

const SERVICES: readonly (Omit<ProcessText, 'examples'> & { readonly needs: string })[] = [
  {
    name: 'gateway',
    says: 'Receive signed webhooks and pass them to Temporal',
    needs: 'SIGNALBOX_WEBHOOK_SECRET',
  },
  {
    name: 'model-gateway',
    says: 'Relay requests to the model, as the only process that holds its key',
    needs: 'SIGNALBOX_MODEL_KEY_FILE or SIGNALBOX_MODEL_KEY',
  },
  {
    name: 'source-relay',
    says: 'Let runners fetch source with a password instead of a GitHub credential',
    needs:
      'SIGNALBOX_SOURCE_LISTEN, SIGNALBOX_SOURCE_TOKEN, SIGNALBOX_REPOSITORIES and GITHUB_TOKEN or an App',
  },
  {
    name: 'egress-proxy',
    says: 'Let the set-ups of runners without a way out reach named hosts',
    needs: 'SIGNALBOX_EGRESS_LISTEN; SIGNALBOX_EGRESS_HOSTS names the hosts',
  },
];
