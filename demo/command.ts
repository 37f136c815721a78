/** `signalbox demo`: takes one issue from opt-in to release on a local stage, and asks a person at each gate. */
import { Command, InvalidArgumentError } from 'commander';
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import type { Cli } from '../src/client/cli/cli.ts';
import { SUMMARIES } from '../src/client/cli/summaries.ts';
import { type DemoFlags, performDemo } from './perform.ts';

const EXAMPLES = `
Examples:
  signalbox demo                        show what you approve at each gate, and ask
  signalbox demo --yes                  approve every gate automatically
  signalbox demo --yes --chaos          also kill processes at random times; the result is the same
  signalbox demo --yes --keep           keep running, to try list, show, explain, audit …
  signalbox demo --yes --json           print one JSON object per line; the last has the figures`;

export function demoCommand(cli: Cli): Command {
  return new Command('demo')
    .description(SUMMARIES.demo)
    .option('--yes', 'approve every gate without asking')
    .option('--keep', 'keep everything running until Ctrl-C, to try other commands')
    .option('--json', 'print one JSON object per line: transitions and process events, then the result')
    .option(
      '--chaos',
      'kill the scheduler, the runner, the model gateway and Temporal with SIGKILL at random times',
    )
    .option('--seed <number>', 'repeat the kill times of an earlier --chaos run', seedOf)
    .addHelpText('after', EXAMPLES)
    .action(async (flags: DemoFlags) => {
      const dataDir = join(cli.workingDirectory, '.signalbox', 'demo');
      await performDemo({ cli, flags, dataDir, seed: flags.seed ?? randomInt(1, 2 ** 31) });
    });
}

function seedOf(text: string): number {
  const seed = Number(text);
  if (!Number.isInteger(seed) || seed < 0 || seed > 2 ** 32 - 1)
    throw new InvalidArgumentError('must be a whole number from 0 to 4294967295');
  return seed;
}
