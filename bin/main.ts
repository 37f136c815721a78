/** The program: the command line, plus the commands that need more than the client. */
import { readFileSync } from 'node:fs';
import { EXIT } from '../src/client/cli/exit.ts';
import { run } from '../src/client/cli/program.ts';
import { programCommands } from './commands.ts';

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

// The reader of a pipe, such as `head`, may exit first.
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
  extraCommands: programCommands(code => process.exit(code)),
});

process.exitCode = code;
// After Ctrl-C, do not wait for open network requests.
if (code === EXIT.interrupted) process.exit(code);
