/** `scan`: look over a repository for opted-in issues now, instead of at its next turn. */
import { type RepositoryRef, repositoryName } from '../../../domain/issue-ref.ts';
import { scanNow } from '../../temporal/scan.ts';
import { repositoryArgument } from '../arguments.ts';
import { type Cli, print, printJson } from '../cli.ts';
import { type CommandFactory, dataCommand, type JsonOption, withTemporal } from '../command.ts';
import { count } from '../render/text.ts';

export const scanCommand: CommandFactory = cli =>
  dataCommand({
    name: 'scan',
    says: 'look for opted-in issues now, instead of at the next turn',
    examples: ['scan acme/profile'],
  })
    .argument('<owner/repo>', 'the repository', repositoryArgument)
    .action((repository: RepositoryRef, options: JsonOption) => scan(cli, repository, options));

async function scan(cli: Cli, repository: RepositoryRef, options: JsonOption): Promise<void> {
  const { started } = await withTemporal(cli, temporal => scanNow(temporal, repository, cli.signal));
  const name = repositoryName(repository);
  if (options.json === true) printJson(cli, { repository: name, started });
  else print(cli, [`${name}: ${count(started, 'issue')} started or told to look again`]);
}
