/** `list`: from the visibility index. */
import { Option } from 'commander';
import type { RepositoryRef } from '../../../domain/issue-ref.ts';
import { isEnd, OTHER_ENDS, type Stage, STAGES } from '../../../domain/stage.ts';
import { type ListFilter, listIssues, markUnserved } from '../../temporal/list.ts';
import { unservedIssues } from '../../temporal/unserved.ts';
import { countArgument, repositoryArgument } from '../arguments.ts';
import { type Cli, print, printJson, say } from '../cli.ts';
import { type CommandFactory, dataCommand, type JsonOption } from '../command.ts';
import { withTemporal } from '../with-temporal.ts';
import { listLines, listSummary } from '../render/list.ts';
import { terminalOf } from '../render/terminal.ts';
import { SUMMARIES } from '../summaries.ts';

const ISSUES_SHOWN = 200;

interface ListOptions extends JsonOption {
  readonly repo?: RepositoryRef;
  readonly stage?: Stage;
  readonly hold?: string;
  readonly waitingOn?: string;
  readonly all?: boolean;
  readonly limit: number;
}

export const listCommand: CommandFactory = cli =>
  dataCommand({
    name: 'list',
    says: SUMMARIES.list,
    examples: ['list --hold gate', 'list --repo acme/profile --stage pr', 'list --all --json'],
  })
    .option('--repo <owner/repo>', 'Filter by repository', repositoryArgument)
    .addOption(new Option('--stage <stage>', 'Filter by stage').choices([...STAGES, ...OTHER_ENDS]))
    .option(
      '--hold <hold>',
      'Filter by hold: gate (any), gate:start, gate:publish, gate:merge, gate:release, escalated, delayed, …',
    )
    .option(
      '--waiting-on <who-or-what>',
      'Filter by what the issue waits on, as the column WAITING ON shows it',
    )
    .option('--all', 'Include ended issues')
    .option('--limit <n>', 'Maximum number of issues to list', countArgument, ISSUES_SHOWN)
    .action((options: ListOptions) => list(cli, options));

async function list(cli: Cli, options: ListOptions): Promise<void> {
  const filter = filterOf(options);
  await withTemporal(cli, async temporal => {
    const limits = { issuesMax: options.limit, signal: cli.signal };
    const [found, unserved] = await Promise.all([
      listIssues(temporal, filter, limits),
      unservedIssues(temporal),
    ]);
    const listing = markUnserved(found, unserved);
    if (options.json === true) {
      printJson(cli, listing.issues);
      return;
    }
    print(cli, listLines(listing, terminalOf(cli)));
    say(cli, listSummary(listing, options.limit));
  });
}

/** A filter by an end stage includes ended issues. */
function filterOf({ repo, stage, hold, waitingOn, all = false }: ListOptions): ListFilter {
  return {
    ...(repo === undefined ? {} : { repository: repo }),
    ...(stage === undefined ? {} : { stage }),
    ...(hold === undefined ? {} : { hold }),
    ...(waitingOn === undefined ? {} : { waitingOn }),
    all: all || (stage !== undefined && isEnd(stage)),
  };
}
