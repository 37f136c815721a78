/** `artifacts prune`: discards what no open issue and no kept audit names any more. */
import { InvalidArgumentError, Option } from 'commander';
import { openStore } from '../../../artifacts/open-store.ts';
import { parseDuration } from '../../../config/duration.ts';
import { processSettings } from '../../../config/environment.ts';
import { type Cli, print, printJson, say } from '../cli.ts';
import { command, type CommandFactory, dataCommand, type JsonOption } from '../command.ts';
import { withTemporal } from '../with-temporal.ts';
import { type Amount, pruneStore, type Pruned } from '../prune/prune.ts';
import { count } from '../render/text.ts';
import { SUMMARIES } from '../summaries.ts';

const DAY_MS = 86_400_000;
const AGE = '30d';

interface PruneOptions extends JsonOption {
  readonly olderThan: number;
  readonly dryRun?: boolean;
  readonly othersAreGone?: boolean;
}

export const artifactsCommand: CommandFactory = cli =>
  command({ name: 'artifacts', says: SUMMARIES.artifacts }).addCommand(
    dataCommand({
      name: 'prune',
      says: 'Discard artifacts that no open issue and no kept audit names',
      examples: ['artifacts prune --dry-run', 'artifacts prune --older-than 90d'],
    })
      .addOption(
        new Option('--older-than <age>', 'Keep what is younger, at least 1d')
          .argParser(ageArgument)
          .default(ageArgument(AGE), AGE),
      )
      .option('--dry-run', 'Only say what would be done')
      .option('--others-are-gone', 'Other Temporal namespaces that used this store do not exist any more')
      .action((options: PruneOptions) => pruneArtifacts(cli, options)),
  );

async function pruneArtifacts(cli: Cli, options: PruneOptions): Promise<void> {
  const { json = false, dryRun = false, olderThan, othersAreGone = false } = options;
  const store = openStore(processSettings(cli.settings().values));
  const pruned = await withTemporal(cli, temporal =>
    pruneStore({
      ...{ store, temporal, othersAreGone, signal: cli.signal },
      ...{ nowMs: cli.now(), olderThanMs: olderThan, isDryRun: dryRun },
    }),
  );
  if (json) printJson(cli, { dryRun, ...pruned });
  else print(cli, linesOf(pruned));
  if (dryRun) say(cli, 'dry run: nothing was changed');
}

function linesOf({ stored, openIssues, discarded, restored, removed }: Pruned): readonly string[] {
  return [
    `stored: ${text(stored)}, for ${count(openIssues, 'open issue')} and the audits`,
    `to the trash: ${text(discarded)}`,
    `back from the trash: ${text(restored)}`,
    `removed after a week in the trash: ${text(removed)}`,
  ];
}

function text({ artifacts, bytes }: Amount): string {
  return `${count(artifacts, 'artifact')} (${(bytes / 1_000_000).toFixed(1)} MB)`;
}

/** A run may last for hours, and what it stored is named only at its end. */
function ageArgument(value: string): number {
  const ageMs = parseDuration(value);
  if (ageMs === undefined || ageMs < DAY_MS)
    throw new InvalidArgumentError('Use an age of at least 1d, such as 30d.');
  return ageMs;
}
