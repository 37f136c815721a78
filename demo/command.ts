/** `signalbox demo`: the whole life of one issue on a local stage, asked of a person gate by gate. */
import { Command, InvalidArgumentError } from 'commander';
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import type { Cli } from '../src/client/cli/cli.ts';
import { type DemoFlags, performDemo } from './perform.ts';

const EXAMPLES = `
Examples:
  signalbox demo                        asks at each gate and shows what is approved
  signalbox demo --yes                  decides by itself
  signalbox demo --yes --chaos          kills the processes at random moments; ends the same
  signalbox demo --yes --keep           stays up for the other commands: list, show, explain, audit …
  signalbox demo --yes --json           one object a line, the figures last`;

export function demoCommand(cli: Cli): Command {
  return new Command('demo')
    .description(
      'Show one issue travel from opt-in to verified release: real Temporal, git and Codex, a simulated GitHub',
    )
    .option('--yes', 'decide at the gates without asking')
    .option('--keep', 'leave everything running until Ctrl-C, for the other commands')
    .option('--json', 'one JSON object a line: transitions, processes, and the result last')
    .option('--chaos', 'kill -9 the scheduler, the runner, the model gateway and Temporal at random moments')
    .option('--seed <number>', 'repeat the moments of an earlier --chaos', seedOf)
    .addHelpText('after', EXAMPLES)
    .action(async (flags: DemoFlags) => {
      const dataDir = join(cli.workingDirectory, '.signalbox', 'demo');
      await performDemo({ cli, flags, dataDir, seed: flags.seed ?? randomInt(1, 2 ** 31) });
    });
}

function seedOf(text: string): number {
  const seed = Number(text);
  if (!Number.isInteger(seed) || seed < 0 || seed > 2 ** 32 - 1)
    throw new InvalidArgumentError('a whole number from 0 to 4294967295');
  return seed;
}
