/** The checks before `up` starts anything: this host, and each repository's permissions and policy. */
import { repositoryName } from '../../../domain/issue-ref.ts';
import { type Trouble, troubleLine } from '../../../domain/trouble.ts';
import { type Cli, say } from '../cli.ts';
import { CliError, EXIT } from '../exit.ts';
import type { HostCheck, HostChecks } from '../host-check.ts';
import { repositoryChecks } from '../repository-checks.ts';
import { schedulersGitHub } from './github.ts';
import type { UpSettings } from './settings.ts';

/** Prints every failed check except the first, and throws `CliError` with the first. */
export async function refuseUnready(cli: Cli, settings: UpSettings, hostChecks: HostChecks): Promise<void> {
  refuseAny(cli, await hostChecks(settings.values));
  cli.signal.throwIfAborted();
  refuseAny(cli, await checksOfRepositories(cli, settings));
}

async function checksOfRepositories(cli: Cli, settings: UpSettings): Promise<readonly HostCheck[]> {
  const github = schedulersGitHub(settings);
  const checks: HostCheck[] = [];
  for (const repository of settings.repositories) {
    const found = await repositoryChecks(github, repository);
    cli.signal.throwIfAborted();
    checks.push(
      ...found
        .filter(check => check.required)
        .map(check => ({ ...check, name: `${repositoryName(repository)}: ${check.name}` })),
    );
  }
  return checks;
}

function refuseAny(cli: Cli, checks: readonly HostCheck[]): void {
  const wrong = checks.filter(check => !check.ok);
  for (const check of wrong.slice(1)) say(cli, troubleLine(troubleWith(check)));
  const [first] = wrong;
  if (first !== undefined) throw new CliError(first.exit ?? EXIT.no, troubleWith(first));
}

function troubleWith({ name, found, fix }: HostCheck): Trouble {
  return { what: `${name}: ${found}`, fix };
}
