/** Runs git in a bare repository with a minimal environment: no host configuration, no prompts, bounded output. */
import { spawn } from 'node:child_process';

const OUTPUT_BYTES_MAX = 256 * 1024 * 1024;
// eslint-disable-next-line no-restricted-properties -- only PATH, to find git; the simulator is not production code
const searchPath = process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin';

export interface GitResult {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface GitRun {
  readonly args: readonly string[];
  readonly input?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
}

export const baseEnvironment: Readonly<Record<string, string>> = {
  PATH: searchPath,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  LC_ALL: 'C',
};

/** Does not throw when git fails; the caller reads `code`. */
export const runGit = (dir: string, run: GitRun): Promise<GitResult> =>
  new Promise((resolve, reject) => {
    const env = { ...baseEnvironment, GIT_DIR: dir, ...run.env };
    const child = spawn('git', run.args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
    const chunks: Buffer[] = [];
    let bytes = 0;
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > OUTPUT_BYTES_MAX) child.kill('SIGKILL');
      else chunks.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => (stderr = (stderr + chunk.toString()).slice(-8192)));
    child.stdin.on('error', () => undefined);
    child.on('error', reject);
    child.on('close', code => resolve({ code: code ?? 128, stdout: Buffer.concat(chunks), stderr }));
    child.stdin.end(run.input);
  });

/** The trimmed output; throws when git fails. */
export async function git(dir: string, run: GitRun): Promise<string> {
  const result = await runGit(dir, run);
  if (result.code !== 0)
    throw new Error(`git ${run.args[0] ?? ''} failed (${result.code}): ${result.stderr}`);
  return result.stdout.toString().trim();
}

/** The trimmed output, or undefined when git fails. */
export async function tryGit(dir: string, args: readonly string[]): Promise<string | undefined> {
  const result = await runGit(dir, { args });
  return result.code === 0 ? result.stdout.toString().trim() : undefined;
}
