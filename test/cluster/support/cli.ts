/** Runs the CLI of this checkout, with its own settings and nothing else of the environment. */
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { Environment } from '../../../src/config/environment.ts';
import { toolEnvironment } from '../../../src/local/tool-environment.ts';

const PROGRAM = fileURLToPath(new URL('../../../bin/signalbox.js', import.meta.url));
const TIMEOUT_MS = 120_000;

/** Resolves to its output; rejects with its error. */
export async function signalbox(args: readonly string[], values: Environment, cwd?: string): Promise<string> {
  const env = { ...toolEnvironment(process.env), ...values };
  const options = { env, extendEnv: false, timeout: TIMEOUT_MS, ...(cwd === undefined ? {} : { cwd }) };
  return (await execa(process.execPath, [PROGRAM, ...args], options)).stdout;
}
