/** `doctor`: checks every prerequisite and says how to fix what is missing. Changes nothing, except for one small artifact in a bucket. */
import type { RepositoryRef } from '../../../domain/issue-ref.ts';
import { repositoryArgument } from '../arguments.ts';
import { type Cli, print, printJson, say } from '../cli.ts';
import { type CommandFactory, dataCommand, type JsonOption } from '../command.ts';
import { clockCheck } from '../doctor/clock-check.ts';
import { gitHubChecks } from '../doctor/github-checks.ts';
import { modelChecks } from '../doctor/model-checks.ts';
import { modelRouteCheck } from '../doctor/network-checks.ts';
import { storeChecks } from '../doctor/store-checks.ts';
import { temporalChecks } from '../doctor/temporal-checks.ts';
import { CliError, EXIT } from '../exit.ts';
import type { HostChecks } from '../host-check.ts';
import { plain } from '../render/text.ts';
import type { RepositoryCheck } from '../repository-checks.ts';
import { SUMMARIES } from '../summaries.ts';

/** The program's entry point passes in the checks of the host: Node, git, agent, box. */
export function doctorCommand(hostChecks: HostChecks): CommandFactory {
  return cli =>
    dataCommand({
      name: 'doctor',
      says: SUMMARIES.doctor,
      examples: ['doctor', 'doctor acme/profile', 'doctor acme/profile --json'],
    })
      .argument(
        '[owner/repo]',
        'Repository whose permissions and policy to check (default: SIGNALBOX_REPOSITORIES)',
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
    modelRouteCheck(cli),
    storeChecks(cli),
  ]);
  const found = [...host.map(check => ({ ...check, required: true })), ...others.flat()];
  const checks = found.map(withoutIdleFix);
  const wrong = checks.filter(check => !check.ok && check.required).length;
  if (options.json === true) printJson(cli, { ok: wrong === 0, checks });
  else
    print(
      cli,
      checks.map(check => lineOf(cli, check)),
    );
  if (wrong > 0)
    throw new CliError(EXIT.no, `${wrong} of ${checks.length} checks failed; each says how to fix it`);
  say(cli, 'all required checks passed');
}

/** A passed check has no fix. */
function withoutIdleFix({ name, ok, required, found, fix }: RepositoryCheck): RepositoryCheck {
  return { name, ok, required, found, ...(ok || fix === undefined ? {} : { fix }) };
}

function lineOf({ paint }: Cli, { name, ok, required, found, fix }: RepositoryCheck): string {
  const mark = ok ? paint.green('ok  ') : required ? paint.red('fail') : paint.yellow('warn');
  const todo = fix === undefined ? '' : `\n      ${plain(fix)}`;
  return `${mark}  ${plain(name)}: ${plain(found)}${todo}`;
}
