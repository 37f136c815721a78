/** The program: all commands, their common options, and the mapping from an error to an exit code. */
import { type Command, Command as Program } from 'commander';
import { withSecretFiles } from '../../config/secret-files.ts';
import { onStopSignals } from '../../host/stop-signals.ts';
import { readSettingsFile } from '../../local/settings-file.ts';
import { type Cli, paintFor, say, type Surroundings } from './cli.ts';
import { troubleLine } from '../../domain/trouble.ts';
import type { CommandLoaders } from './command.ts';
import { COMMANDS } from './commands.ts';
import { EXIT_CODES, CliError, endingOf, EXIT } from './exit.ts';
import { resolveSettings, type Settings, type SettingsInput } from './settings.ts';
import { type CommandName, SUMMARIES } from './summaries.ts';

export interface RunInput extends Surroundings {
  /** As in `process.argv`: node and the script first. */
  readonly argv: readonly string[];
  readonly version: string;
  /** Commands composed elsewhere: `demo`, `up`, `worker`, `gateway`, … */
  readonly extraCommands?: CommandLoaders;
  readonly now?: () => number;
  /** Interrupts the command like Ctrl-C. Without it the process's signals do. */
  readonly signal?: AbortSignal;
}

/** Runs one command line and returns its exit code; never throws. */
export async function run(input: RunInput): Promise<number> {
  const stop = new AbortController();
  const unlisten = input.signal === undefined ? listen(stop) : follow(input.signal, stop);
  let flags: SettingsInput['flags'] = {};
  const cli = cliFor(input, stop.signal, () => flags);
  try {
    const program = await createProgram(cli, input);
    program.hook('preAction', (_program, action) => {
      flags = action.optsWithGlobals();
    });
    await program.parseAsync([...input.argv]);
    return stop.signal.aborted ? EXIT.interrupted : EXIT.done;
  } catch (error) {
    return report(cli, error);
  } finally {
    unlisten();
  }
}

/** Builds the command line without running it. Only what it names is loaded: the rest is a name and a summary. */
async function createProgram(
  cli: Cli,
  { argv, version, extraCommands }: Pick<RunInput, 'argv' | 'version' | 'extraCommands'>,
): Promise<Command> {
  const program = new Program('signalbox')
    .description('Let AI coding agents work on GitHub issues, with one durable workflow per issue')
    .version(version, '-V, --version', 'Show the version')
    .helpOption('-h, --help', 'Show help')
    .helpCommand('help [command]', 'Show help for a command')
    .option(
      '--temporal-address <host:port>',
      "Address of Temporal (default: TEMPORAL_ADDRESS, or that of this folder's `up`)",
    )
    .option('--temporal-namespace <name>', 'Namespace in Temporal (default: TEMPORAL_NAMESPACE)')
    .option(
      '--github-api-url <url>',
      'URL of the GitHub API (default: GITHUB_API_URL, or https://api.github.com)',
    )
    .addHelpText('after', CODES)
    .showHelpAfterError('(see --help)')
    .exitOverride()
    .configureOutput({
      writeOut: text => void cli.stdout.write(text),
      writeErr: text => void cli.stderr.write(text),
    });
  const loaders: CommandLoaders = { ...COMMANDS, ...extraCommands };
  const words = new Set(argv.slice(2));
  for (const [name, says] of Object.entries(SUMMARIES)) {
    const load = loaders[name as CommandName];
    if (load === undefined) continue;
    const isNamed = words.has(name) || words.has(NEEDS_ALL);
    program.addCommand(isNamed ? (await load())(cli) : new Program(name).description(says));
  }
  inherit(program);
  return program;
}

/** It completes the options of every command. */
const NEEDS_ALL: CommandName = 'completion';

const CODES = `
Exit codes:
${Object.values(EXIT_CODES)
  .map(({ code, means }) => `  ${String(code).padStart(3)} ${means}`)
  .join('\n')}`;

/** Commander copies its settings only to commands that the program itself creates. */
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
    resolveSettings({
      flags: flags(),
      environment: withSecretFiles(environment),
      ...fileValues(workingDirectory),
    });
  return { stdin, stdout, stderr, environment, workingDirectory, signal, now, paint, settings };
}

function fileValues(folder: string): Pick<SettingsInput, 'file' | 'note'> {
  const answer = readSettingsFile(folder);
  switch (answer.kind) {
    case 'live':
      return { file: answer.settings.values };
    case 'stale': {
      const note = `ignoring the settings of \`signalbox ${answer.settings.command}\` in this folder: it has ended`;
      return { file: {}, note };
    }
    case 'none':
      return { file: {} };
    case 'foreign':
      return { file: {}, note: answer.problem };
    case 'invalid':
      throw new CliError(EXIT.usage, answer.problem);
  }
}

function report(cli: Cli, error: unknown): number {
  const { code, trouble } = endingOf(error);
  const line = troubleLine(trouble);
  if (line !== '') say(cli, `signalbox: ${line}`);
  if (error instanceof Error && (cli.environment['SIGNALBOX_DEBUG'] ?? '') !== '')
    say(cli, error.stack ?? '');
  return cli.signal.aborted ? EXIT.interrupted : code;
}

/** The first signal asks the command to stop; the second exits at once. */
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
