/** The program: all commands, their common flags, and one way from an error to an exit code. */
import { type Command, Command as Program } from 'commander';
import { onStopSignals } from '../../host/stop-signals.ts';
import { readSettingsFile } from '../../local/settings-file.ts';
import { type Cli, paintFor, say, type Surroundings } from './cli.ts';
import { troubleLine } from '../../domain/trouble.ts';
import type { CommandFactory } from './command.ts';
import { COMMANDS } from './commands.ts';
import { EXIT_CODES, CliError, endingOf, EXIT } from './exit.ts';
import { resolveSettings, type Settings, type SettingsInput } from './settings.ts';

export interface RunInput extends Surroundings {
  /** As Node gives it: the program and its file first. */
  readonly argv: readonly string[];
  readonly version: string;
  /** Commands that others compose: `demo`, `up`, `worker`, `gateway`, … */
  readonly extraCommands?: readonly CommandFactory[];
  readonly now?: () => number;
  /** Ends the command as Ctrl-C does. Without it the process's own signals do. */
  readonly signal?: AbortSignal;
}

/** Runs one command line; answers the exit code and never throws. */
export async function run(input: RunInput): Promise<number> {
  const stop = new AbortController();
  const unlisten = input.signal === undefined ? listen(stop) : follow(input.signal, stop);
  let flags: SettingsInput['flags'] = {};
  const cli = cliFor(input, stop.signal, () => flags);
  const program = createProgram(cli, input);
  program.hook('preAction', (_program, action) => {
    flags = action.optsWithGlobals();
  });
  try {
    await program.parseAsync([...input.argv]);
    return stop.signal.aborted ? EXIT.interrupted : EXIT.done;
  } catch (error) {
    return told(cli, error);
  } finally {
    unlisten();
  }
}

/** The whole command line; nothing runs yet. */
export function createProgram(cli: Cli, input: Pick<RunInput, 'version' | 'extraCommands'>): Command {
  const program = new Program('signalbox')
    .description('Schedules AI engineering work on GitHub issues, one durable workflow per issue.')
    .version(input.version, '-V, --version')
    .option('--temporal-address <host:port>', 'Temporal (else TEMPORAL_ADDRESS, else what `up` left here)')
    .option('--temporal-namespace <name>', 'its namespace (else TEMPORAL_NAMESPACE)')
    .option('--github-api-url <url>', 'GitHub (else GITHUB_API_URL, else https://api.github.com)')
    .addHelpText('after', CODES)
    .showHelpAfterError('(--help shows how)')
    .exitOverride()
    .configureOutput({
      writeOut: text => void cli.stdout.write(text),
      writeErr: text => void cli.stderr.write(text),
    });
  for (const make of [...COMMANDS, ...(input.extraCommands ?? [])]) program.addCommand(make(cli));
  inherit(program);
  return program;
}

const CODES = `
Exit codes:
${Object.values(EXIT_CODES)
  .map(({ code, means }) => `  ${String(code).padStart(3)} ${means}`)
  .join('\n')}`;

/** Commander gives its settings only to commands made by the program itself. */
function inherit(parent: Command): void {
  for (const child of parent.commands) {
    child.copyInheritedSettings(parent);
    inherit(child);
  }
}

function cliFor(input: RunInput, signal: AbortSignal, flags: () => SettingsInput['flags']): Cli {
  const { stdin, stdout, stderr, environment, workingDirectory, now = Date.now } = input;
  const paint = paintFor(stdout, environment);
  const settings = (): Settings =>
    resolveSettings({ flags: flags(), environment, ...fileValues(workingDirectory) });
  return { stdin, stdout, stderr, environment, workingDirectory, signal, now, paint, settings };
}

function fileValues(folder: string): Pick<SettingsInput, 'file' | 'note'> {
  const answer = readSettingsFile(folder);
  switch (answer.kind) {
    case 'live':
      return { file: answer.settings.values };
    case 'stale': {
      const note = `the \`signalbox ${answer.settings.command}\` of this folder has ended; its settings are not used`;
      return { file: {}, note };
    }
    case 'none':
      return { file: {} };
    case 'invalid':
      throw new CliError(EXIT.usage, answer.problem);
  }
}

function told(cli: Cli, error: unknown): number {
  const { code, trouble } = endingOf(error);
  const line = troubleLine(trouble);
  if (line !== '') say(cli, `signalbox: ${line}`);
  if (error instanceof Error && (cli.environment['SIGNALBOX_DEBUG'] ?? '') !== '')
    say(cli, error.stack ?? '');
  return cli.signal.aborted ? EXIT.interrupted : code;
}

/** The first signal asks the command to end; the second does not wait for it. */
function listen(stop: AbortController): () => void {
  return onStopSignals({
    first: () => stop.abort(),
    again: () => process.exit(EXIT.interrupted),
  });
}

function follow(signal: AbortSignal, stop: AbortController): () => void {
  const abort = (): void => stop.abort();
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort);
  return () => signal.removeEventListener('abort', abort);
}
