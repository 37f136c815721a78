/** The commands that start workers: a run by hand, and the long-running processes without our supervisor. */
import type { Command } from 'commander';
import type { Cli } from '../client/cli/cli.ts';
import {
  command,
  type CommandFactory,
  type CommandLoader,
  type CommandLoaders,
  type CommandText,
} from '../client/cli/command.ts';
import { SUMMARIES } from '../client/cli/summaries.ts';
import type { ProcessName } from './processes.ts';

/** Exits this process: Temporal's native threads and open sockets would keep it alive. */
export type Leave = (code: number) => never;

export function workerCommands(leave: Leave): CommandLoaders {
  return {
    run: handCommand,
    move: async () => {
      const { moveCommand } = await import('../client/cli/commands/move.ts');
      // Loaded on demand: a replay needs Temporal's native part.
      return moveCommand(async (...asked) => {
        const { openReplay, silenceTemporal } = await import('./replay.ts');
        silenceTemporal();
        return await openReplay(...asked);
      });
    },
    ...processCommands(leave),
  };
}

export const handCommand: CommandLoader = async () => {
  const { runCommand } = await import('../client/cli/commands/run.ts');
  // Loaded on demand: its help needs no box, git and agents.
  return runCommand(async (ask, hooks) => {
    const { byHand } = await import('./by-hand.ts');
    return await byHand(ask, hooks);
  });
};

/** They read flags and the environment, never the settings file of `up`: it may be in another user's folder. */
function processCommands(leave: Leave): CommandLoaders {
  const make = (cli: Cli, { name, says, examples = [] }: ProcessText): Command =>
    command({ name, says, examples }).action(async () => {
      // Loaded on demand: it has Temporal's native part.
      const { runProcess } = await import('./processes.ts');
      leave(await runProcess(name, () => cli.settings().own));
    });
  const service = (name: ServiceName): CommandLoader =>
    loaded(cli =>
      make(cli, { name, says: SUMMARIES[name], examples: [`${name}  # needs ${SERVICE_NEEDS[name]}`] }),
    );
  return {
    worker: loaded(cli =>
      command({ name: 'worker', says: SUMMARIES.worker })
        .addCommand(make(cli, { name: 'scheduler', says: 'Run the workflows and every write to GitHub' }))
        .addCommand(make(cli, { name: 'runner', says: 'Run agents and verifications, each in a box' })),
    ),
    gateway: service('gateway'),
    'model-gateway': service('model-gateway'),
    'source-relay': service('source-relay'),
    'egress-proxy': service('egress-proxy'),
  };
}

function loaded(factory: CommandFactory): CommandLoader {
  return () => Promise.resolve(factory);
}

interface ProcessText extends CommandText {
  readonly name: ProcessName;
}

const SERVICE_NEEDS = {
  gateway: 'SIGNALBOX_WEBHOOK_SECRET',
  'model-gateway': 'SIGNALBOX_MODEL_KEY_FILE or SIGNALBOX_MODEL_KEY',
  'source-relay':
    'SIGNALBOX_SOURCE_LISTEN, SIGNALBOX_SOURCE_TOKEN, SIGNALBOX_REPOSITORIES and GITHUB_TOKEN or an App',
  'egress-proxy': 'SIGNALBOX_EGRESS_LISTEN; SIGNALBOX_EGRESS_HOSTS names the hosts',
} as const;

type ServiceName = keyof typeof SERVICE_NEEDS;
