/** GitHub with the token of the person at the command line. */
import { createGitHub, type GitHub } from '../../github/client.ts';
import { isFailure } from '../../github/failure.ts';
import { getIssue } from '../../github/issues.ts';
import { type IssueRef, issueName } from '../../domain/issue-ref.ts';
import { errorText } from '../../host/error-text.ts';
import type { Cli } from './cli.ts';
import { CliError, EXIT } from './exit.ts';
import { cliNetwork } from './network.ts';

/** `undefined` without a token. */
export function personsGitHub(cli: Cli): GitHub | undefined {
  const { apiUrl, token } = cli.settings().github;
  if (token === undefined) return undefined;
  try {
    const { fetch } = cliNetwork(cli);
    return createGitHub({ apiUrl, credential: { kind: 'token', token }, userAgent: 'signalbox-cli', fetch });
  } catch (error) {
    throw new CliError(EXIT.usage, errorText(error));
  }
}

/** Prevents a workflow for an issue that does not exist. Without a token this is not checked. */
export async function refuseUnlessIssue(cli: Cli, issue: IssueRef): Promise<void> {
  const github = personsGitHub(cli);
  if (github === undefined) return;
  const { owner, repo, number } = issue;
  const name = issueName(issue);
  try {
    const found = await getIssue(github, { owner, repo, issue: number });
    if (found.isPullRequest) throw new CliError(EXIT.unknown, `${name} is a pull request, not an issue`);
  } catch (error) {
    if (isFailure(error, 'not-found', 'gone'))
      throw new CliError(EXIT.unknown, `GitHub has no issue ${name}, or the token cannot see it`);
    if (isFailure(error, 'moved'))
      throw new CliError(EXIT.unknown, {
        what: `${name} was renamed or transferred`,
        fix: 'use its current name',
      });
    throw error;
  }
}
