/** The one place that maps an error to an exit code and a message. */
import { CommanderError } from 'commander';
import { ArtifactError, StoreFailure, type StoreFailureKind } from '../../artifacts/port.ts';
import { SettingsError } from '../../config/settings-error.ts';
import { errorText, firstLine } from '../../host/error-text.ts';
import { ForeignFiles } from '../../host/foreign-files.ts';
import { GitHubFailure, type GitHubFailureKind } from '../../github/failure.ts';
import { fixOf } from '../../domain/failure.ts';
import { type Trouble, TroubleError, troubleLine } from '../../domain/trouble.ts';
import { LocalProblem } from '../../local/local-problem.ts';
import { ClientProblem, type ClientProblemKind } from '../temporal/client-problem.ts';

/** The help and docs/cli.md list these rows. 130 is the shells' exit code for SIGINT. */
export const EXIT_CODES = {
  done: { code: 0, means: 'success' },
  no: { code: 1, means: 'failure: a check failed, or a decision was refused' },
  usage: { code: 2, means: 'wrong usage, or a missing or invalid setting' },
  unknown: { code: 3, means: 'no such issue or repository' },
  unreachable: {
    code: 4,
    means: 'cannot reach or use Temporal, GitHub or the artifact store, or no scheduler answers',
  },
  conflict: { code: 5, means: 'the state has changed: stale digest or wrong gate' },
  interrupted: { code: 130, means: 'interrupted by Ctrl-C' },
} as const;

type ExitName = keyof typeof EXIT_CODES;
export type ExitCode = (typeof EXIT_CODES)[ExitName]['code'];

export const EXIT = Object.fromEntries(
  Object.entries(EXIT_CODES).map(([name, { code }]) => [name, code]),
) as { readonly [Name in ExitName]: (typeof EXIT_CODES)[Name]['code'] };

/** Ends a command with an exit code and a message. */
export class CliError extends TroubleError {
  override readonly name = 'CliError';
  readonly code: ExitCode;
  constructor(code: ExitCode, said: Trouble | string) {
    super(said);
    this.code = code;
  }
}

export interface CommandEnding {
  readonly code: ExitCode;
  /** `what` is empty when the message is already printed. */
  readonly trouble: Trouble;
}

export function endingOf(error: unknown): CommandEnding {
  if (error instanceof CliError) return { code: error.code, trouble: error.trouble };
  if (error instanceof CommanderError)
    return { code: error.exitCode === 0 ? EXIT.done : EXIT.usage, trouble: ALREADY_PRINTED };
  if (error instanceof ClientProblem) return { code: OF_CLIENT[error.kind], trouble: error.trouble };
  if (error instanceof GitHubFailure) return { code: OF_GITHUB[error.kind], trouble: ofGitHub(error) };
  return ofThisHost(error) ?? (isAbort(error) ? INTERRUPTED : defect(error));
}

function ofThisHost(error: unknown): CommandEnding | undefined {
  if (error instanceof LocalProblem) return { code: codeOfLocal(error), trouble: error.trouble };
  if (error instanceof SettingsError) return { code: EXIT.usage, trouble: error.trouble };
  if (error instanceof ArtifactError) return { code: EXIT.no, trouble: { what: error.message } };
  if (error instanceof StoreFailure) return { code: OF_STORE[error.kind], trouble: error.trouble };
  if (error instanceof ForeignFiles) return { code: EXIT.no, trouble: error.trouble };
  return undefined;
}

/** The message of an error, on one line. */
export function lineOf(error: unknown): string {
  return troubleLine(endingOf(error).trouble);
}

const ALREADY_PRINTED: Trouble = { what: '' };
const INTERRUPTED: CommandEnding = { code: EXIT.interrupted, trouble: ALREADY_PRINTED };

function codeOfLocal({ kind }: LocalProblem): ExitCode {
  if (kind === 'stopped') return EXIT.interrupted;
  return kind === 'no-temporal-server' ? EXIT.unreachable : EXIT.no;
}

function defect(error: unknown): CommandEnding {
  const what = `unexpected error: ${firstLine(errorText(error))}`;
  return { code: EXIT.no, trouble: { what, fix: 'set SIGNALBOX_DEBUG=1 for a stack trace' } };
}

const OF_CLIENT: Readonly<Record<ClientProblemKind, ExitCode>> = {
  unreachable: EXIT.unreachable,
  'no-scheduler': EXIT.unreachable,
  delayed: EXIT.unreachable,
  unusable: EXIT.unreachable,
  denied: EXIT.unreachable,
  'unknown-issue': EXIT.unknown,
  ended: EXIT.no,
  refused: EXIT.no,
  'moved-on': EXIT.conflict,
};

const OF_STORE: Readonly<Record<StoreFailureKind, ExitCode>> = {
  unreachable: EXIT.unreachable,
  busy: EXIT.unreachable,
  'bad-answer': EXIT.unreachable,
  clock: EXIT.no,
  denied: EXIT.no,
  'no-bucket': EXIT.usage,
  credential: EXIT.usage,
  region: EXIT.usage,
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
  'too-large': EXIT.no,
  'too-long': EXIT.no,
};

function ofGitHub(error: GitHubFailure): Trouble {
  return { what: `GitHub: ${firstLine(error.message)}`, fix: fixOfGitHub(error) };
}

function fixOfGitHub({ kind, neededPermissions, retryAfterMs }: GitHubFailure): string | undefined {
  switch (kind) {
    case 'unauthorized':
      return 'set GITHUB_TOKEN to a valid token';
    case 'forbidden':
      return `the token needs ${neededPermissions ?? 'more permissions on that repository'}`;
    case 'not-found':
      return 'no such issue or repository, or the token cannot see it';
    case 'not-sent':
    case 'unknown':
      return 'check the network and GITHUB_API_URL, then retry';
    case 'too-large':
    case 'too-long':
      return fixOf('TooMuchToRead');
    case 'rate-limited':
      return retryAfterMs === undefined ? undefined : `retry in ${Math.ceil(retryAfterMs / 1000)} s`;
    default:
      return undefined;
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
