/** `reconcile`: reports each difference from GitHub, and whether the workflow repaired it. */
import { type RepositoryRef, repositoryName } from '../../../domain/issue-ref.ts';
import { REPOSITORY_HELP, repositoryArgument } from '../arguments.ts';
import { type Cli, print, printJsonLine, say } from '../cli.ts';
import { type CommandFactory, dataCommand, type JsonOption } from '../command.ts';
import { withTemporal } from '../with-temporal.ts';
import { CliError, EXIT } from '../exit.ts';
import { personsGitHub } from '../github.ts';
import { reconcile, type Reconciled } from '../reconcile/reconcile.ts';
import { count, plain } from '../render/text.ts';
import { SUMMARIES } from '../summaries.ts';

export const reconcileCommand: CommandFactory = cli =>
  dataCommand(
    {
      name: 'reconcile',
      says: SUMMARIES.reconcile,
      examples: ['reconcile acme/profile', 'reconcile acme/profile --json'],
    },
    'Print one JSON object per line',
  )
    .argument('<owner/repo>', REPOSITORY_HELP, repositoryArgument)
    .action((repository: RepositoryRef, options: JsonOption) => run(cli, repository, options));

async function run(cli: Cli, repository: RepositoryRef, options: JsonOption): Promise<void> {
  const github = personsGitHub(cli);
  if (github === undefined)
    say(cli, 'not comparing with GitHub: set GITHUB_TOKEN to compare; the issues read GitHub again anyway');
  let [issues, left] = [0, 0];
  await withTemporal(cli, async temporal => {
    for await (const one of reconcile({ cli, temporal, github, repository })) {
      issues += 1;
      left += one.left?.length ?? 0;
      if (options.json === true) printJsonLine(cli, one);
      else print(cli, linesOf(cli, one));
    }
  });
  say(cli, `${repositoryName(repository)}: ${count(issues, 'open issue')} reconciled`);
  if (left > 0)
    throw new CliError(EXIT.no, {
      what: `${count(left, 'difference')} left`,
      fix: 'run `signalbox show` on these issues to see who must act',
    });
}

function linesOf(
  { paint }: Cli,
  { issue, told, found, left = [], notCompared }: Reconciled,
): readonly string[] {
  const name = paint.bold(plain(issue));
  if (told === 'ended') return [`${name}  ended meanwhile`];
  if (notCompared !== undefined) return [`${name}  notified; not compared: ${plain(notCompared)}`];
  if (found === undefined) return [`${name}  notified, not compared`];
  if (found.length === 0) return [`${name}  agrees with GitHub`];
  return [
    name,
    ...found.map(point =>
      left.includes(point) ? paint.yellow(`  still: ${point}`) : `  repaired: ${point}`,
    ),
    ...left.filter(point => !found.includes(point)).map(point => paint.yellow(`  new: ${point}`)),
  ];
}
