/** `namespace prepare`: what a namespace in Temporal needs before issues can start in it. */
import { InvalidArgumentError, Option } from 'commander';
import { parseDuration } from '../../../config/duration.ts';
import { prepareNamespace, type Prepared } from '../../temporal/namespace.ts';
import { countArgument } from '../arguments.ts';
import { type Cli, print, printJson } from '../cli.ts';
import { command, type CommandFactory, dataCommand, type JsonOption } from '../command.ts';
import { withTemporal } from '../with-temporal.ts';
import { plain } from '../render/text.ts';
import { SUMMARIES } from '../summaries.ts';

interface PrepareOptions extends JsonOption {
  readonly create?: boolean;
  readonly retention: number;
  readonly wait?: number;
}

const RETENTION = '72h';
/** Temporal's own lower bound for namespaces that are not replicated. */
const RETENTION_MIN_MS = 3_600_000;

export const namespaceCommand: CommandFactory = cli =>
  command({ name: 'namespace', says: SUMMARIES.namespace }).addCommand(
    dataCommand({
      name: 'prepare',
      says: 'Check the namespace and add missing search attributes; can be repeated',
      examples: [
        'namespace prepare',
        'namespace prepare --create --retention 30d --wait 60',
        '--temporal-namespace staging namespace prepare --create',
      ],
    })
      .option('--create', 'Create the namespace if it does not exist')
      .addOption(
        new Option('--retention <duration>', 'How long a new namespace keeps ended workflows, such as 30d')
          .argParser(retentionArgument)
          .default(retentionArgument(RETENTION), RETENTION),
      )
      .option(
        '--wait <seconds>',
        'How long to wait until the server answers (default: do not wait)',
        countArgument,
      )
      .action((options: PrepareOptions) => prepare(cli, options)),
  );

async function prepare(cli: Cli, options: PrepareOptions): Promise<void> {
  const { create = false, retention, wait = 0, json } = options;
  const plan = { signal: cli.signal, ...(create ? { createWithRetentionMs: retention } : {}) };
  const prepared = await withTemporal(cli, temporal => prepareNamespace(temporal, plan), {
    waitMs: wait * 1_000,
  });
  if (json === true) printJson(cli, prepared);
  else print(cli, [lineOf(prepared)]);
}

function lineOf({ address, namespace, created, added, retentionHours }: Prepared): string {
  const kept = retentionHours === null ? [] : [`ended workflows are kept for ${retentionHours} hours`];
  const parts = [
    created ? 'created' : 'exists',
    added.length === 0
      ? 'search attributes were complete'
      : `added the search attributes ${added.join(', ')}`,
    ...kept,
  ];
  return `namespace ${plain(namespace)} at ${plain(address)} is ready: ${parts.join('; ')}`;
}

function retentionArgument(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined || ms < RETENTION_MIN_MS)
    throw new InvalidArgumentError('Use a duration of at least 1h, such as 72h or 30d.');
  return ms;
}
