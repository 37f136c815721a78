/** Checks GitHub: our identity, and each repository's access, permissions and policy. */
import { githubCredential, processSettings, repositories } from '../../../config/environment.ts';
import { type RepositoryRef, repositoryName } from '../../../domain/issue-ref.ts';
import { createGitHub, type GitHub } from '../../../github/client.ts';
import { whoAmI } from '../../../github/repository.ts';
import type { Cli } from '../cli.ts';
import { CliError, EXIT } from '../exit.ts';
import { repositoryChecks, type RepositoryCheck } from '../repository-checks.ts';
import { failedCheck } from './failed-check.ts';

/** Checks the named repository, or else those of the settings. */
export async function gitHubChecks(
  cli: Cli,
  repository: RepositoryRef | undefined,
): Promise<readonly RepositoryCheck[]> {
  const name = 'GitHub';
  try {
    const github = gitHubOf(cli);
    const found = `${github.apiUrl}, as ${await whoAmI(github)}`;
    const named =
      repository === undefined ? repositories(processSettings(cli.settings().values)) : [repository];
    const ofThem = await Promise.all(named.map(one => checksOf(github, one)));
    return [{ name, ok: true, found, required: true }, ...ofThem.flat()];
  } catch (error) {
    const fix = 'set GITHUB_TOKEN or GITHUB_APP_*, and GITHUB_API_URL for GitHub Enterprise Server';
    return [failedCheck(error, { name, required: true, fix })];
  }
}

async function checksOf(github: GitHub, repository: RepositoryRef): Promise<readonly RepositoryCheck[]> {
  const checks = await repositoryChecks(github, repository);
  return checks.map(check => ({ ...check, name: `${repositoryName(repository)}: ${check.name}` }));
}

/** With the scheduler's credential; next to a running `up`, with the settings that it wrote. */
function gitHubOf(cli: Cli): GitHub {
  const settings = processSettings(cli.settings().githubValues);
  const credential = githubCredential(settings);
  try {
    return createGitHub({ apiUrl: settings.GITHUB_API_URL, credential, userAgent: 'signalbox-cli' });
  } catch (error) {
    throw new CliError(EXIT.usage, error instanceof Error ? error.message : String(error));
  }
}
