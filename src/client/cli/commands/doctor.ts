/** `doctor`: every prerequisite, with what was found and how to fix it. Changes nothing. */
import type { RepositoryRef } from '../../../domain/issue-ref.ts';
import { repositoryArgument } from '../arguments.ts';
import { type Cli, print, printJson, say } from '../cli.ts';
import { type CommandFactory, dataCommand, type JsonOption } from '../command.ts';
import { clockCheck } from '../doctor/clock-check.ts';
import { gitHubChecks } from '../doctor/github-checks.ts';
import { modelChecks } from '../doctor/model-checks.ts';
import { temporalChecks } from '../doctor/temporal-checks.ts';
import { CliError, EXIT } from '../exit.ts';
import type { HostChecks } from '../host-check.ts';
import { plain } from '../render/text.ts';
import type { RepositoryCheck } from '../repository-checks.ts';

/** What only this host can show (Node, git, agent, box) is looked at by whoever composes the program. */
export function doctorCommand(hostChecks: HostChecks): CommandFactory {
  return cli =>
    dataCommand({
      name: 'doctor',
      says: 'look at every prerequisite: what was found, and how to fix it',
      examples: ['doctor', 'doctor acme/profile', 'doctor acme/profile --json'],
    })
      .argument(
        '[owner/repo]',
        'its permissions and its policy (else of SIGNALBOX_REPOSITORIES)',
        repositoryArgument,
      )
      .action((repository: RepositoryRef | undefined, options: JsonOption) =>
        doctor(cli, { repository, options, hostChecks }),
      );
}

interface Asked {
  readonly repository: RepositoryRef | undefined;
  readonly options: JsonOption;
  readonly hostChecks: HostChecks;
}

async function doctor(cli: Cli, { repository, options, hostChecks }: Asked): Promise<void> {
  const [host, ...others] = await Promise.all([
    hostChecks(cli.settings().own),
    temporalChecks(cli),
    gitHubChecks(cli, repository),
    clockCheck(cli),
    modelChecks(cli),
  ]);
  const found = [...host.map(check => ({ ...check, required: true })), ...others.flat()];
  const checks = found.map(told);
  const wrong = checks.filter(check => !check.ok && check.required).length;
  if (options.json === true) printJson(cli, { ok: wrong === 0, checks });
  else
    print(
      cli,
      checks.map(check => lineOf(cli, check)),
    );
  if (wrong > 0)
    throw new CliError(EXIT.no, `${wrong} of ${checks.length} checks failed: each says how to fix it`);
  say(cli, 'everything that is needed is there');
}

/** Nothing to fix where all is well. */
function told({ name, ok, required, found, fix }: RepositoryCheck): RepositoryCheck {
  return { name, ok, required, found, ...(ok || fix === undefined ? {} : { fix }) };
}

function lineOf({ paint }: Cli, { name, ok, required, found, fix }: RepositoryCheck): string {
  const mark = ok ? paint.green('ok  ') : required ? paint.red('no  ') : paint.yellow('less');
  const todo = fix === undefined ? '' : `\n      ${plain(fix)}`;
  return `${mark}  ${plain(name)}: ${plain(found)}${todo}`;
}
