/** The one place where an error becomes an exit code and what people read. */
import { CommanderError } from 'commander';
import { ArtifactError } from '../../artifacts/port.ts';
import { SettingsError } from '../../config/environment.ts';
import { GitHubFailure, type GitHubFailureKind } from '../../github/failure.ts';
import { type Trouble, troubleLine, troubleOf } from '../../domain/trouble.ts';
import { LocalProblem } from '../../local/local-problem.ts';
import { ClientProblem, type ClientProblemKind } from '../temporal/client-problem.ts';

/** The help and docs/cli.md list these rows. 130 is the shells' word for "ended by Ctrl-C". */
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

/** A command's own ending, with what to do where that is known. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly code: ExitCode;
  readonly trouble: Trouble;
  constructor(code: ExitCode, said: Trouble | string) {
    const trouble = troubleOf(said);
    super(troubleLine(trouble));
    this.code = code;
    this.trouble = trouble;
  }
}

export interface CommandEnding {
  readonly code: ExitCode;
  /** `what` is empty when it was said already. */
  readonly trouble: Trouble;
}

export function endingOf(error: unknown): CommandEnding {
  if (error instanceof CliError) return { code: error.code, trouble: error.trouble };
  if (error instanceof CommanderError)
    return { code: error.exitCode === 0 ? EXIT.done : EXIT.usage, trouble: SAID };
  if (error instanceof ClientProblem) return { code: OF_CLIENT[error.kind], trouble: error.trouble };
  if (error instanceof GitHubFailure) return { code: OF_GITHUB[error.kind], trouble: ofGitHub(error) };
  if (error instanceof LocalProblem) return { code: codeOfLocal(error), trouble: { what: error.message } };
  if (error instanceof SettingsError) return { code: EXIT.usage, trouble: error.trouble };
  if (error instanceof ArtifactError) return { code: EXIT.no, trouble: { what: error.message } };
  return isAbort(error) ? { code: EXIT.interrupted, trouble: SAID } : defect(error);
}

/** For people, on one line. */
export function lineOf(error: unknown): string {
  return troubleLine(endingOf(error).trouble);
}

const SAID: Trouble = { what: '' };

function codeOfLocal({ kind }: LocalProblem): ExitCode {
  if (kind === 'stopped') return EXIT.interrupted;
  return kind === 'no-temporal-server' ? EXIT.unreachable : EXIT.no;
}

function defect(error: unknown): CommandEnding {
  const message = error instanceof Error ? error.message : String(error);
  const what = `unexpected: ${firstLine(message)} (SIGNALBOX_DEBUG=1 shows where)`;
  return { code: EXIT.no, trouble: { what } };
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

function ofGitHub(error: GitHubFailure): Trouble {
  return { what: `GitHub: ${firstLine(error.message)}`, fix: fixOfGitHub(error) };
}

function fixOfGitHub({ kind, neededPermissions, retryAfterMs }: GitHubFailure): string | undefined {
  switch (kind) {
    case 'unauthorized':
      return 'set GITHUB_TOKEN to a valid token';
    case 'forbidden':
      return `the token needs ${neededPermissions ?? 'more rights on that repository'}`;
    case 'not-found':
      return 'no such issue or repository, or the token does not see it';
    case 'not-sent':
    case 'unknown':
      return 'check the network and GITHUB_API_URL, then run this again';
    case 'rate-limited':
      return retryAfterMs === undefined ? undefined : `try again in ${Math.ceil(retryAfterMs / 1000)} s`;
    default:
      return undefined;
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? text;
}
