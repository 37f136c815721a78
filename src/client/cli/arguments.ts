/** Parsers of command arguments and options. Each throws `InvalidArgumentError` for a malformed value. */
import { InvalidArgumentError } from 'commander';
import {
  type IssueRef,
  parseIssueRef,
  parseRepositoryRef,
  type RepositoryRef,
} from '../../domain/issue-ref.ts';
import { type Mode, MODES, parseMode } from '../../domain/mode.ts';
import { SHORT_DIGEST_CHARS } from '../../domain/digest.ts';

export function issueArgument(text: string): IssueRef {
  const issue = parseIssueRef(text);
  if (issue === undefined) throw new InvalidArgumentError('Use owner/repo#12 or the URL of the issue.');
  return issue;
}

export function repositoryArgument(text: string): RepositoryRef {
  const repository = parseRepositoryRef(text);
  if (repository === undefined) throw new InvalidArgumentError('Use owner/repo.');
  return repository;
}

export function modeArgument(text: string): Mode {
  const mode = parseMode(text);
  if (mode === undefined) throw new InvalidArgumentError(`Use one of ${MODES.join(', ')}.`);
  return mode;
}

/** Hexadecimal digits, with or without `sha256:`; at least as many as a gate shows. */
export function digestArgument(text: string): string {
  const hex = text
    .trim()
    .toLowerCase()
    .replace(/^sha256:/, '');
  if (!/^[0-9a-f]+$/.test(hex) || hex.length < SHORT_DIGEST_CHARS || hex.length > 64)
    throw new InvalidArgumentError(
      `Use at least the first ${SHORT_DIGEST_CHARS} hexadecimal digits, as the gate shows them.`,
    );
  return hex;
}

/** A GitHub login; a leading `@` is removed. */
export function loginArgument(text: string): string {
  const login = text.replace(/^@/, '');
  if (!/^[A-Za-z0-9-]{1,39}$/.test(login))
    throw new InvalidArgumentError('Use a GitHub login, such as @alice.');
  return login;
}

export function countArgument(text: string): number {
  if (!/^[1-9][0-9]{0,5}$/.test(text)) throw new InvalidArgumentError('Use a number from 1 to 999999.');
  return Number(text);
}

export const ISSUE_HELP = 'Issue as owner/repo#12 or URL';
export const REPOSITORY_HELP = 'Repository as owner/repo';
