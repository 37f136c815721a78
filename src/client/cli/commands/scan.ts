/** `scan`: scans a repository for opted-in issues now, before its schedule is due. */
import { type RepositoryRef, repositoryName } from '../../../domain/issue-ref.ts';
import { scanNow } from '../../temporal/scan.ts';
import { REPOSITORY_HELP, repositoryArgument } from '../arguments.ts';
import { type Cli, print, printJson } from '../cli.ts';
import { type CommandFactory, dataCommand, type JsonOption } from '../command.ts';
import { withTemporal } from '../with-temporal.ts';
import { count } from '../render/text.ts';
import { SUMMARIES } from '../summaries.ts';

export const scanCommand: CommandFactory = cli =>
  dataCommand({
    name: 'scan',
    says: SUMMARIES.scan,
    examples: ['scan acme/profile'],
  })
    .argument('<owner/repo>', REPOSITORY_HELP, repositoryArgument)
    .action((repository: RepositoryRef, options: JsonOption) => scan(cli, repository, options));

async function scan(cli: Cli, repository: RepositoryRef, options: JsonOption): Promise<void> {
  const { started } = await withTemporal(cli, temporal => scanNow(temporal, repository, cli.signal));
  const name = repositoryName(repository);
  if (options.json === true) printJson(cli, { repository: name, started });
  else print(cli, [`${name}: ${count(started, 'issue')} started or notified`]);
}
