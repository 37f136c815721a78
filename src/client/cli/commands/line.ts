/** `line`: the approved changes of a repository, in the order in which they are merged. */
import type { RepositoryRef } from '../../../domain/issue-ref.ts';
import { lineOf } from '../../temporal/line.ts';
import { REPOSITORY_HELP, repositoryArgument } from '../arguments.ts';
import { type Cli, print, printJson } from '../cli.ts';
import { type CommandFactory, dataCommand, type JsonOption, withTemporal } from '../command.ts';
import { lineLines } from '../render/line.ts';
import { terminalOf } from '../render/terminal.ts';

export const lineCommand: CommandFactory = cli =>
  dataCommand({
    name: 'line',
    says: 'Show the approved changes of a repository that wait to be merged, in order',
    examples: ['line acme/profile', 'line acme/profile --json | jq .targets'],
  })
    .argument('<owner/repo>', REPOSITORY_HELP, repositoryArgument)
    .action((repository: RepositoryRef, options: JsonOption) => showLine(cli, repository, options));

async function showLine(cli: Cli, repository: RepositoryRef, options: JsonOption): Promise<void> {
  const view = await withTemporal(cli, temporal => lineOf(temporal, repository));
  if (options.json === true) printJson(cli, view);
  else print(cli, lineLines(view, terminalOf(cli)));
}
