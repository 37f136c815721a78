/** The client of the engine. `DOCKER_HOST` says which engine, as for people. */
import { execa } from 'execa';

const TIMEOUT_MS = 60_000;
const OUTPUT_BYTES_MAX = 64_000_000;
// The classic builder needs neither a plugin nor a registry.
const ENVIRONMENT = { DOCKER_BUILDKIT: '0', DOCKER_CLI_HINTS: 'false' };

export interface DockerOptions {
  readonly timeoutMs?: number;
  readonly input?: string;
}

/** Resolves to its output without the last newline; throws when it fails. */
export async function docker(
  args: readonly string[],
  { timeoutMs = TIMEOUT_MS, input }: DockerOptions = {},
): Promise<string> {
  const { stdout } = await execa('docker', args, {
    env: ENVIRONMENT,
    timeout: timeoutMs,
    maxBuffer: OUTPUT_BYTES_MAX,
    ...(input === undefined ? { stdin: 'ignore' } : { input }),
  });
  return stdout;
}

/** The same for questions: undefined when the engine says no. */
export async function dockerAnswer(...args: readonly string[]): Promise<string | undefined> {
  const { failed, stdout } = await execa('docker', args, {
    env: ENVIRONMENT,
    timeout: TIMEOUT_MS,
    stdin: 'ignore',
    reject: false,
  });
  return failed ? undefined : stdout.trim();
}
