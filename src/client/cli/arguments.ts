/** Arguments and options of commands, read and refused in one place. */
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
  if (issue === undefined) throw new InvalidArgumentError('Name it as owner/repo#12 or by its URL.');
  return issue;
}

export function repositoryArgument(text: string): RepositoryRef {
  const repository = parseRepositoryRef(text);
  if (repository === undefined) throw new InvalidArgumentError('Name it as owner/repo.');
  return repository;
}

export function modeArgument(text: string): Mode {
  const mode = parseMode(text);
  if (mode === undefined) throw new InvalidArgumentError(`One of ${MODES.join(', ')}.`);
  return mode;
}

/** Hexadecimal, with or without `sha256:`, as long as what is shown at a gate. */
export function digestArgument(text: string): string {
  const hex = text
    .trim()
    .toLowerCase()
    .replace(/^sha256:/, '');
  if (!/^[0-9a-f]+$/.test(hex) || hex.length < SHORT_DIGEST_CHARS || hex.length > 64)
    throw new InvalidArgumentError(
      `At least the first ${SHORT_DIGEST_CHARS} digits, as the gate shows them.`,
    );
  return hex;
}

/** GitHub logins; a leading `@` is taken off. */
export function loginArgument(text: string): string {
  const login = text.replace(/^@/, '');
  if (!/^[A-Za-z0-9-]{1,39}$/.test(login)) throw new InvalidArgumentError('A GitHub login, such as @alice.');
  return login;
}

export function countArgument(text: string): number {
  if (!/^[1-9][0-9]{0,5}$/.test(text)) throw new InvalidArgumentError('A number from 1 to 999999.');
  return Number(text);
}

export const ISSUE_HELP = 'owner/repo#12 or the URL of the issue';
