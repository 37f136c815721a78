/** Keeps fetched binaries in the user's cache folder; each is put in place by one atomic rename. */
import { chmod, mkdir, rename } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { inOwnFolder } from '../../host/own-folder.ts';
import type { Environment } from '../../config/environment.ts';
import { askCliVersion } from './cli-version.ts';
import { WANTED_VERSION } from './release.ts';
import type { Route, RouteAnswer, RouteContext } from './route.ts';

const suffix = process.platform === 'win32' ? '.exe' : '';

export function defaultCacheDir(environment: Environment): string {
  const base = environment['XDG_CACHE_HOME'];
  return path.join(
    base !== undefined && path.isAbsolute(base) ? base : path.join(homedir(), '.cache'),
    'signalbox',
  );
}

export function cachedBinary(cacheDir: string): string {
  return path.join(cacheDir, `temporal-${WANTED_VERSION}${suffix}`);
}

export const cacheRoute: Route = {
  name: 'cache',
  async find({ cacheDir, environment, signal }) {
    const binary = cachedBinary(cacheDir);
    if (!existsSync(binary)) return { kind: 'none', cause: `no binary in ${cacheDir} yet` };
    const answer = await askCliVersion(binary, environment, signal);
    return answer.kind === 'usable'
      ? { kind: 'binary', path: binary, version: answer.version }
      : { kind: 'none', cause: answer.cause };
  },
};

/** Gives `fetch` a private folder and keeps the CLI that it returns only if it runs. */
export async function keepInCache(
  context: RouteContext,
  fetch: (folder: string) => Promise<string>,
): Promise<RouteAnswer> {
  let version = '';
  const kept = await keepBinary(cachedBinary(context.cacheDir), async folder => {
    const fetched = await fetch(folder);
    await chmod(fetched, 0o755);
    const answer = await askCliVersion(fetched, context.environment, context.signal);
    if (answer.kind !== 'usable') throw new Error(answer.cause);
    version = answer.version;
    return fetched;
  });
  return { kind: 'binary', path: kept, version };
}

/**
 * Keeps the file that `fetch` leaves in its private folder. Two processes can do this at the same time: each has its own
 * folder, and the last rename wins with an equal file.
 */
export async function keepBinary(kept: string, fetch: (folder: string) => Promise<string>): Promise<string> {
  const cacheDir = path.dirname(kept);
  await mkdir(cacheDir, { recursive: true });
  return await inOwnFolder(path.join(cacheDir, 'fetch-'), async folder => {
    const fetched = await fetch(folder);
    await chmod(fetched, 0o755);
    await rename(fetched, kept);
    return kept;
  });
}
