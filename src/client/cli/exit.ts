/** The one place where an error becomes an exit code and one line for people. */
import { CommanderError } from 'commander';
import { ArtifactError } from '../../artifacts/port.ts';
import { SettingsError } from '../../config/environment.ts';
import { GitHubFailure, type GitHubFailureKind } from '../../github/failure.ts';
import { LocalProblem } from '../../local/local-problem.ts';
import { ClientProblem, type ClientProblemKind } from '../temporal/client-problem.ts';

/** The help, README.md and docs/cli.md list these rows. 130 is the shells' word for "ended by Ctrl-C". */
export const EXIT_CODES = {
  done: { code: 0, means: 'done' },
  no: { code: 1, means: 'the answer is no: a check failed, a decision was refused' },
  usage: { code: 2, means: 'wrong usage, or a setting that is missing or cannot be used' },
  unknown: { code: 3, means: 'no such issue or repository' },
  unreachable: { code: 4, means: 'Temporal or GitHub cannot be reached, or no scheduler answers' },
  conflict: { code: 5, means: 'the state moved on: stale digest, wrong gate' },
  interrupted: { code: 130, means: 'ended by Ctrl-C' },
} as const;

type ExitName = keyof typeof EXIT_CODES;
export type ExitCode = (typeof EXIT_CODES)[ExitName]['code'];

export const EXIT = Object.fromEntries(
  Object.entries(EXIT_CODES).map(([name, { code }]) => [name, code]),
) as { readonly [Name in ExitName]: (typeof EXIT_CODES)[Name]['code'] };

/** A command's own ending, with the line that says what to do. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly code: ExitCode;
  constructor(code: ExitCode, message: string) {
    super(message);
    this.code = code;
  }
}

export interface CommandEnding {
  readonly code: ExitCode;
  /** Empty when it was told already. */
  readonly line: string;
}

export function endingOf(error: unknown): CommandEnding {
  if (error instanceof CliError) return { code: error.code, line: error.message };
  if (error instanceof CommanderError)
    return { code: error.exitCode === 0 ? EXIT.done : EXIT.usage, line: '' };
  if (error instanceof ClientProblem) return { code: OF_CLIENT[error.kind], line: error.message };
  if (error instanceof GitHubFailure) return { code: OF_GITHUB[error.kind], line: githubLine(error) };
  if (error instanceof LocalProblem) return { code: codeOfLocal(error), line: error.message };
  if (error instanceof SettingsError) return { code: EXIT.usage, line: error.message };
  return otherEnding(error);
}

function otherEnding(error: unknown): CommandEnding {
  if (error instanceof ArtifactError) return { code: EXIT.no, line: error.message };
  return isAbort(error) ? { code: EXIT.interrupted, line: '' } : defect(error);
}

function codeOfLocal({ kind }: LocalProblem): ExitCode {
  if (kind === 'stopped') return EXIT.interrupted;
  return kind === 'no-temporal-server' ? EXIT.unreachable : EXIT.no;
}

function defect(error: unknown): CommandEnding {
  const message = error instanceof Error ? error.message : String(error);
  return { code: EXIT.no, line: `unexpected: ${firstLine(message)} (SIGNALBOX_DEBUG=1 shows where)` };
}

const OF_CLIENT: Readonly<Record<ClientProblemKind, ExitCode>> = {
  unreachable: EXIT.unreachable,
  'no-scheduler': EXIT.unreachable,
  unusable: EXIT.unreachable,
  'unknown-issue': EXIT.unknown,
  ended: EXIT.no,
  refused: EXIT.no,
  'moved-on': EXIT.conflict,
};

const OF_GITHUB: Readonly<Record<GitHubFailureKind, ExitCode>> = {
  'not-sent': EXIT.unreachable,
  unknown: EXIT.unreachable,
  'bad-answer': EXIT.unreachable,
  'rate-limited': EXIT.unreachable,
  unauthorized: EXIT.no,
  forbidden: EXIT.no,
  'not-found': EXIT.unknown,
  gone: EXIT.unknown,
  moved: EXIT.unknown,
  conflict: EXIT.conflict,
  invalid: EXIT.no,
};

function githubLine(error: GitHubFailure): string {
  const { kind, neededPermissions } = error;
  const said = `GitHub: ${firstLine(error.message)}`;
  if (kind === 'unauthorized') return `${said}: set GITHUB_TOKEN to a valid token`;
  if (kind === 'forbidden')
    return `${said}: the token needs ${neededPermissions ?? 'more rights on that repository'}`;
  if (kind === 'not-found') return `${said}: no such issue or repository, or the token does not see it`;
  if (kind === 'not-sent' || kind === 'unknown')
    return `${said}: check the network and GITHUB_API_URL, then run this again`;
  if (kind === 'rate-limited' && error.retryAfterMs !== undefined)
    return `${said}: try again in ${Math.ceil(error.retryAfterMs / 1000)} s`;
  return said;
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? text;
}
