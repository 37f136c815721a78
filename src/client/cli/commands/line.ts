/** `line`: the approved changes of a repository, in the order in which they are merged. */
import type { RepositoryRef } from '../../../domain/issue-ref.ts';
import { readLine } from '../../temporal/line.ts';
import { REPOSITORY_HELP, repositoryArgument } from '../arguments.ts';
import { type Cli, print, printJson } from '../cli.ts';
import { type CommandFactory, dataCommand, type JsonOption } from '../command.ts';
import { lineLines } from '../render/line.ts';
import { terminalOf } from '../render/terminal.ts';
import { SUMMARIES } from '../summaries.ts';
import { withTemporal } from '../with-temporal.ts';

export const lineCommand: CommandFactory = cli =>
  dataCommand({
    name: 'line',
    says: SUMMARIES.line,
    examples: ['line acme/profile', 'line acme/profile --json | jq .targets'],
  })
    .argument('<owner/repo>', REPOSITORY_HELP, repositoryArgument)
    .action((repository: RepositoryRef, options: JsonOption) => showLine(cli, repository, options));

async function showLine(cli: Cli, repository: RepositoryRef, options: JsonOption): Promise<void> {
  const view = await withTemporal(cli, temporal => readLine(temporal, repository));
  if (options.json === true) printJson(cli, view);
  else print(cli, lineLines(view, terminalOf(cli)));
}
