/** Parsers of command arguments and options. Each throws `InvalidArgumentError` for a malformed value. */
import { InvalidArgumentError } from 'commander';
import {
  type IssueRef,
  parseIssueRef,
  parseRepositoryRef,
  type RepositoryRef,
} from '../../domain/issue-ref.ts';
import { isHeadName } from '../../domain/foreign-head.ts';
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

/** A commit id or its first digits; at least as many as the hold shows. */
export function headArgument(text: string): string {
  const hex = text.trim().toLowerCase();
  if (!isHeadName(hex) || hex.length < SHORT_DIGEST_CHARS)
    throw new InvalidArgumentError(
      `Use at least the first ${SHORT_DIGEST_CHARS} digits of the commit id, as the hold shows them.`,
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

/** One of several issues. */
export function issuesArgument(text: string, earlier: readonly IssueRef[]): readonly IssueRef[] {
  return [...earlier, issueArgument(text)];
}

/** A build's id, or its first digits. */
export function buildArgument(text: string): string {
  if (!/^[0-9a-f]{12,64}$/.test(text))
    throw new InvalidArgumentError('Use the id of a build: 12 to 64 hexadecimal digits.');
  return text;
}
