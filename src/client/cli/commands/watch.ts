/** `watch`: prints one line per transition, until the issue ends or Ctrl-C. */
import type { IssueRef } from '../../../domain/issue-ref.ts';
import { ISSUE_HELP, issueArgument, repositoryArgument } from '../arguments.ts';
import type { RepositoryRef } from '../../../domain/issue-ref.ts';
import type { Cli } from '../cli.ts';
import { type CommandFactory, dataCommand, type JsonOption } from '../command.ts';
import { withTemporal } from '../with-temporal.ts';
import { CliError, EXIT } from '../exit.ts';
import { watchAll } from '../watch/all.ts';
import { watchIssue } from '../watch/issue.ts';
import { SUMMARIES } from '../summaries.ts';

interface WatchOptions extends JsonOption {
  readonly repo?: RepositoryRef;
}

export const watchCommand: CommandFactory = cli =>
  dataCommand(
    {
      name: 'watch',
      says: SUMMARIES.watch,
      examples: ['watch acme/profile#12', 'watch --repo acme/profile', 'watch acme/profile#12 --json'],
    },
    'Print one JSON object per line',
  )
    .argument('[issue]', ISSUE_HELP, issueArgument)
    .option('--repo <owner/repo>', 'Watch all issues of this repository', repositoryArgument)
    .action((issue: IssueRef | undefined, options: WatchOptions) => watch(cli, issue, options));

async function watch(cli: Cli, issue: IssueRef | undefined, options: WatchOptions): Promise<void> {
  if (issue !== undefined && options.repo !== undefined)
    throw new CliError(EXIT.usage, 'use either an issue or --repo, not both');
  const json = options.json === true;
  await withTemporal(cli, temporal =>
    issue === undefined
      ? watchAll({ cli, temporal, json, ...(options.repo === undefined ? {} : { repository: options.repo }) })
      : watchIssue({ cli, temporal, json, issue }),
  );
}
