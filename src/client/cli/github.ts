/** GitHub as the person at the command line: with their own token, for what only GitHub can say or take. */
import { createGitHub, type GitHub } from '../../github/client.ts';
import { isFailure } from '../../github/failure.ts';
import { getIssue } from '../../github/issues.ts';
import { type IssueRef, issueName } from '../../domain/issue-ref.ts';
import type { Cli } from './cli.ts';
import { CliError, EXIT } from './exit.ts';

/** Absent without a token: then GitHub is not asked. */
export function personsGitHub(cli: Cli): GitHub | undefined {
  const { apiUrl, token } = cli.settings().github;
  if (token === undefined) return undefined;
  try {
    return createGitHub({ apiUrl, credential: { kind: 'token', token }, userAgent: 'signalbox-cli' });
  } catch (error) {
    throw new CliError(EXIT.usage, error instanceof Error ? error.message : String(error));
  }
}

/** A workflow for an issue that is not there would be half-done work. Without a token nobody can know. */
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
      throw new CliError(EXIT.unknown, `GitHub knows no issue ${name}, or the token does not see it`);
    if (isFailure(error, 'moved'))
      throw new CliError(EXIT.unknown, {
        what: `${name} was renamed or transferred`,
        fix: 'use its present name',
      });
    throw error;
  }
}
