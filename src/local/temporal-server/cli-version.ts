/** Asks a binary whether it is a Temporal CLI and which version it is. */
import { execa } from 'execa';
import type { Environment } from '../../config/environment.ts';
import { toolEnvironment } from '../tool-environment.ts';
import { LEAST_VERSION } from './release.ts';

const ANSWER_TIMEOUT_MS = 10_000;

export type CliAnswer =
  | { readonly kind: 'usable'; readonly version: string }
  | { readonly kind: 'unusable'; readonly cause: string };

export async function askCliVersion(
  binary: string,
  environment: Environment,
  signal?: AbortSignal,
): Promise<CliAnswer> {
  const result = await execa(binary, ['--version'], {
    env: toolEnvironment(environment),
    extendEnv: false,
    reject: false,
    timeout: ANSWER_TIMEOUT_MS,
    maxBuffer: 10_000,
    stdin: 'ignore',
    ...(signal === undefined ? {} : { cancelSignal: signal }),
  });
  signal?.throwIfAborted();
  const version = /^temporal version (\d+\.\d+\.\d+)/.exec(result.stdout)?.[1];
  if (version === undefined)
    return { kind: 'unusable', cause: `${binary} does not answer --version as a Temporal CLI does` };
  if (isOlder(version, LEAST_VERSION)) {
    return {
      kind: 'unusable',
      cause: `${binary} is version ${version}; ${LEAST_VERSION} or newer is needed`,
    };
  }
  return { kind: 'usable', version };
}

function isOlder(version: string, least: string): boolean {
  return version.localeCompare(least, 'en', { numeric: true }) < 0;
}
