/** Reads the issue of a run by hand: a file, standard input, or an issue on GitHub (a public one needs no token). */
import { basename, extname } from 'node:path';
import { SettingsError } from '../../../config/settings-error.ts';
import { ISSUE_BODY_CHARS_MAX, ISSUE_TITLE_CHARS_MAX } from '../../../contracts/bounds.ts';
import { type IssueRef, issueName, parseIssueRef, repositoryName } from '../../../domain/issue-ref.ts';
import { visible } from '../../../domain/invisible.ts';
import { plainLine } from '../../../domain/posted-text.ts';
import { createGitHub, type GitHub } from '../../../github/client.ts';
import { getIssue } from '../../../github/issues.ts';
import type { Cli } from '../cli.ts';
import { CliError, EXIT } from '../exit.ts';
import { cliNetwork } from '../network.ts';
import { fileText } from '../files.ts';
import type { HandIssue } from './by-hand.ts';

const NAME_CHARS_MAX = 200;

/** `known`: hidden texts that the repository's templates bring with them. */
export async function readHandIssue(cli: Cli, named: string, known: ReadonlySet<string>): Promise<HandIssue> {
  const issue = parseIssueRef(named);
  if (issue !== undefined) return bounded(await onGitHub(cli, issue), known);
  if (/^https?:\/\//.test(named))
    throw new CliError(EXIT.usage, {
      what: `${named} is not the URL of an issue`,
      fix: 'use the form https://github.com/owner/repo/issues/12',
    });
  return bounded(fromText(await fileText(cli, named), named), known);
}

type IssueText = Omit<HandIssue, 'known'>;

async function onGitHub(cli: Cli, { owner, repo, number }: IssueRef): Promise<IssueText> {
  const found = await getIssue(gitHubOf(cli), { owner, repo, issue: number });
  const issue = { owner, repo, number };
  if (found.isPullRequest) throw new CliError(EXIT.no, `${issueName(issue)} is a pull request, not an issue`);
  return {
    name: issueName(issue),
    onGitHub: { repository: repositoryName(issue), number },
    title: visible(found.title),
    body: visible(found.body),
    labels: found.labels,
  };
}

function gitHubOf(cli: Cli): GitHub {
  const { apiUrl, token } = cli.settings().github;
  const credential = token === undefined ? ({ kind: 'none' } as const) : ({ kind: 'token', token } as const);
  try {
    const { fetch } = cliNetwork(cli);
    return createGitHub({ apiUrl, credential, userAgent: 'signalbox', fetch });
  } catch (error) {
    throw new SettingsError(`invalid GITHUB_API_URL: ${error instanceof Error ? error.message : ''}`);
  }
}

/** The title is a leading heading of level 1, or else the name of the file. */
function fromText(text: string, file: string): IssueText {
  const shown = visible(text).trim();
  const [first = '', ...rest] = shown.split('\n');
  const heading = /^#[ \t]/.test(first) ? first.slice(1).trim() : undefined;
  const name = file === '-' ? 'standard input' : plainLine(basename(file), NAME_CHARS_MAX);
  const title = heading ?? basename(name, extname(name));
  return {
    name,
    onGitHub: undefined,
    title,
    body: heading === undefined ? shown : rest.join('\n').trim(),
    labels: [],
  };
}

function bounded(issue: IssueText, known: ReadonlySet<string>): HandIssue {
  if (issue.title.length > ISSUE_TITLE_CHARS_MAX || issue.body.length > ISSUE_BODY_CHARS_MAX)
    throw new CliError(EXIT.no, `${issue.name} is longer than GitHub allows for an issue`);
  return { ...issue, known };
}
