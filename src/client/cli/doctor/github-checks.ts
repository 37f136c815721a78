/** Checks GitHub: our identity, and each repository's access, permissions and policy. */
import type { CommitMaker } from '../../../config/commit-settings.ts';
import { githubCredential, processSettings, repositories } from '../../../config/environment.ts';
import { type RepositoryRef, repositoryName } from '../../../domain/issue-ref.ts';
import { OTHER_WAYS } from '../../../domain/own-account.ts';
import { createGitHub, type GitHub } from '../../../github/client.ts';
import { whoAmI } from '../../../github/repository.ts';
import { errorText } from '../../../host/error-text.ts';
import type { Cli } from '../cli.ts';
import { CliError, EXIT } from '../exit.ts';
import { cliNetwork } from '../network.ts';
import { inspectRepository, type RepositoryCheck } from '../repository-checks.ts';
import { failedCheck } from './failed-check.ts';
import { commitChecks } from './commit-checks.ts';
import { gitCheck, probeChecks } from './network-checks.ts';
import { ruleChecks } from './rule-checks.ts';

/** Checks the named repository, or else those of the settings. */
export async function gitHubChecks(
  cli: Cli,
  repository: RepositoryRef | undefined,
): Promise<readonly RepositoryCheck[]> {
  const name = 'GitHub';
  try {
    const github = gitHubOf(cli);
    const login = await whoAmI(github);
    const found = `${github.apiUrl}, ${cliNetwork(cli).route(github.apiUrl)}, as ${login}`;
    const named =
      repository === undefined ? repositories(processSettings(cli.settings().values)) : [repository];
    const { maker, checks: ofCommits } = await commitChecks(cli, github, login);
    const ofThem = await Promise.all(named.map(one => checksOf(cli, { github, repository: one, maker })));
    return [
      { name, ok: true, found, required: true },
      ...accountCheck(github, login),
      ...ofCommits,
      ...ofThem.flat(),
    ];
  } catch (error) {
    const fix = 'set GITHUB_TOKEN or GITHUB_APP_*, and GITHUB_API_URL for GitHub Enterprise Server';
    return [failedCheck(error, { name, required: true, fix })];
  }
}

/** With one account for Signalbox and for the person, the first thing that a maintainer tries would be ignored. */
function accountCheck({ credentialKind }: GitHub, login: string): readonly RepositoryCheck[] {
  if (credentialKind === 'app') return [];
  const found = `Signalbox runs as ${login}; what ${login} writes on GitHub decides nothing`;
  return [
    {
      name: 'account',
      ok: false,
      found,
      fix: `fine if nobody decides as ${login}. ${OTHER_WAYS}`,
      required: false,
    },
  ];
}

interface Asked {
  readonly github: GitHub;
  readonly repository: RepositoryRef;
  /** Undefined: its settings are wrong, which another check says. */
  readonly maker: CommitMaker | undefined;
}

async function checksOf(cli: Cli, { github, repository, maker }: Asked): Promise<readonly RepositoryCheck[]> {
  const { checks, repository: found, policy } = await inspectRepository(github, repository);
  const further =
    found === undefined
      ? []
      : [
          ...(await ruleChecks(github, { repository: found, policy, maker })),
          await gitCheck(cli, { github, repository: found }),
          ...(await probeChecks(cli, policy)),
        ];
  return [...checks, ...further].map(check => ({
    ...check,
    name: `${repositoryName(repository)}: ${check.name}`,
  }));
}

/** With the scheduler's credential; next to a running `up`, with the settings that it wrote. */
function gitHubOf(cli: Cli): GitHub {
  const settings = processSettings(cli.settings().githubValues);
  const credential = githubCredential(settings);
  try {
    const { fetch } = cliNetwork(cli);
    return createGitHub({ apiUrl: settings.GITHUB_API_URL, credential, userAgent: 'signalbox-cli', fetch });
  } catch (error) {
    throw new CliError(EXIT.usage, errorText(error));
  }
}
