/** The only place that starts trusted git: hardened, limited in time and output, without leaking the credential. */
import { execa } from 'execa';
import type { GitHost } from './git-environment.ts';
import { gitEnvironment } from './git-environment.ts';
import { boundProcess } from './bound-process.ts';
import { GitError, kindOfFailure, networkFix } from './git-error.ts';
import type { GitRemote } from './remote.ts';
import { remoteAccess } from './remote.ts';

export interface GitCommand {
  readonly args: readonly string[];
  /** Always explicit: git's discovery would trust whatever is in the directory. */
  readonly gitDir: string;
  readonly host?: GitHost | undefined;
  /** Needed only by commands that talk to a server. */
  readonly remote?: GitRemote | undefined;
  readonly input?: Buffer | string;
  readonly settings?: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  readonly outputBytesMax?: number;
  readonly signal?: AbortSignal | undefined;
}

export interface GitResult {
  readonly exitCode: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export const LOCAL_TIMEOUT_MS = 60_000;
export const REMOTE_TIMEOUT_MS = 10 * 60_000;
const OUTPUT_BYTES_MAX_DEFAULT = 64 * 1024 * 1024;
const STDERR_LENGTH_MAX = 4_000;

/** Runs git and returns its result, whatever the exit code. Throws when it was stopped or did not start. */
export async function runGit(command: GitCommand): Promise<GitResult> {
  const access = command.remote === undefined ? undefined : remoteAccess(command.remote);
  const token = await command.remote?.token?.();
  if (token !== undefined) requirePlainToken(token);
  const credential = access === undefined || token === undefined ? {} : helperFor(access.origin);
  const env = gitEnvironment({
    host: command.host,
    access: command.remote?.access,
    allowHttp: access?.allowHttp === true,
    settings: { ...credential, ...command.settings },
    variables: { GIT_DIR: command.gitDir, ...command.variables },
  });
  return execute(command, env, secretsOf(token, command.remote));
}

/** Runs git and returns stdout. Throws on any exit code but 0. */
export async function gitOutput(command: GitCommand): Promise<Buffer> {
  const result = await runGit(command);
  if (result.exitCode !== 0) throw gitFailure(command, result);
  return result.stdout;
}

/** Like `gitOutput`, for one line of text. */
export async function gitLine(command: GitCommand): Promise<string> {
  return (await gitOutput(command)).toString('utf8').trimEnd();
}

export function gitFailure(command: GitCommand, result: GitResult): GitError {
  const fix = networkFix(result.stderr);
  const said = result.stderr === '' ? `exit code ${result.exitCode}` : result.stderr;
  const detail = fix === undefined ? said : `${said}; ${fix}`;
  return new GitError(kindOfFailure(result.stderr), `git ${command.args[0] ?? ''} failed`, detail);
}

interface Secrets {
  readonly token: string | undefined;
  /** All that must not be in a message. */
  readonly hidden: readonly string[];
}

function secretsOf(token: string | undefined, remote: GitRemote | undefined): Secrets {
  const { proxy } = remote?.access ?? {};
  const { username = '', password = '' } = proxy === undefined ? {} : new URL(proxy);
  const ofProxy = [username, password].flatMap(part => [part, decodeURIComponent(part)]);
  return { token, hidden: [token ?? '', ...ofProxy].filter(secret => secret !== '') };
}

async function execute(
  command: GitCommand,
  env: Record<string, string>,
  { token, hidden }: Secrets,
): Promise<GitResult> {
  const isRemote = command.remote !== undefined;
  const timeoutMs = command.timeoutMs ?? (isRemote ? REMOTE_TIMEOUT_MS : LOCAL_TIMEOUT_MS);
  const outputBytesMax = command.outputBytesMax ?? OUTPUT_BYTES_MAX_DEFAULT;
  const child = execa('git', command.args, {
    env,
    extendEnv: false,
    cwd: '/',
    encoding: 'buffer',
    stripFinalNewline: false,
    reject: false,
    detached: isRemote,
    maxBuffer: { stdout: outputBytesMax, stderr: 1024 * 1024 },
    stdio: [toInput(command.input), 'pipe', 'pipe', ...credentialPipe(token)],
  });
  const bound = boundProcess(child, { timeoutMs, isGroup: isRemote, signal: command.signal });
  const result = await child;
  const stopped = bound.end();
  const stderr = readable(Buffer.from(result.stderr).toString('utf8'), hidden);
  const name = `git ${command.args[0] ?? ''}`;
  if (stopped === 'timeout')
    throw new GitError('timeout', `${name} took longer than ${timeoutMs} ms`, stderr);
  if (stopped === 'cancelled') throw new GitError('cancelled', `${name} was cancelled`);
  if (result.isMaxBuffer)
    throw new GitError('output-too-large', `${name} wrote more than ${outputBytesMax} bytes`);
  if (result.exitCode === undefined)
    throw new GitError('failed', `${name} did not start or was killed`, stderr);
  return { exitCode: result.exitCode, stdout: Buffer.from(result.stdout), stderr };
}

/**
 * The helper reads the token from the inherited file descriptor 9. It is scoped to the origin, so no other host gets
 * the token. Git also calls it with `store` and `erase`, which must do nothing.
 */
function helperFor(origin: string): Record<string, string> {
  return {
    [`credential.${origin}.helper`]:
      '!f() { test "$1" = get || return 0; printf "username=x-access-token\\npassword="; cat <&9; echo; }; f',
  };
}

/** A newline in the token would add lines to the helper's output. */
function requirePlainToken(token: string): void {
  if (!/^[\x21-\x7e]{1,4096}$/.test(token))
    throw new GitError(
      'bad-input',
      'the git credential contains spaces or unprintable characters, or has a wrong length',
    );
}

const descriptorsBeforeCredential = Array.from({ length: 6 }, () => 'ignore' as const); // 3 to 8

function credentialPipe(token: string | undefined): ('ignore' | Uint8Array)[] {
  return token === undefined ? [] : [...descriptorsBeforeCredential, new TextEncoder().encode(token)];
}

function toInput(input: Buffer | string | undefined): 'ignore' | Uint8Array {
  if (input === undefined) return 'ignore';
  return typeof input === 'string' ? new TextEncoder().encode(input) : new Uint8Array(input);
}

/** The server controls this text: removes control characters except newlines and the credential, and caps the length. */
function readable(text: string, hidden: readonly string[]): string {
  const clean = hidden
    .reduce((rest, secret) => rest.replaceAll(secret, '[credential]'), text)
    // eslint-disable-next-line no-control-regex
    .replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '')
    .replace(/[^\n\P{C}]/gu, ' ')
    .trim();
  return clean.length > STDERR_LENGTH_MAX ? `${clean.slice(0, STDERR_LENGTH_MAX)} …` : clean;
}
