/** The program: the command line with the commands that are composed of more than it. */
import { readFileSync } from 'node:fs';
import { demoCommand } from '../demo/command.ts';
import { doctorCommand } from '../src/client/cli/commands/doctor.ts';
import { upCommand } from '../src/client/cli/commands/up.ts';
import { EXIT } from '../src/client/cli/exit.ts';
import { run } from '../src/client/cli/program.ts';
import { handCommand, processCommands } from '../src/workers/commands.ts';
import { hostChecks } from '../src/workers/host-checks.ts';

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

// The reader of a pipe may leave first, such as `head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

const code = await run({
  argv: process.argv,
  version: manifest.version,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
  workingDirectory: process.cwd(),
  extraCommands: [
    demoCommand,
    upCommand(hostChecks),
    doctorCommand(hostChecks),
    handCommand,
    ...processCommands(code => process.exit(code)),
  ],
});

process.exitCode = code;
// Whoever interrupts does not want to wait for what a command had still asked of the network.
if (code === EXIT.interrupted) process.exit(code);
