/** Finds the native Codex binary: the package's own bin is a Node shim, and killing the shim orphans the agent. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

export interface CodexBinary {
  /** Host directory to be mounted at `codexMount`. */
  readonly vendorDir: string;
  readonly hostPath: string;
  /** Version of the installed package. */
  readonly version: string;
}

/** Where the box sees the vendor directory. */
export const codexMount = '/opt/codex';

const triples: Readonly<Record<string, string>> = {
  'linux-x64': 'x86_64-unknown-linux-musl',
  'linux-arm64': 'aarch64-unknown-linux-musl',
  'darwin-x64': 'x86_64-apple-darwin',
  'darwin-arm64': 'aarch64-apple-darwin',
};

/** The installed binary, or undefined when this platform has none or the package is not installed. */
export function findCodex(from: string = import.meta.url): CodexBinary | undefined {
  const platform = `${process.platform}-${process.arch}`;
  const triple = triples[platform];
  if (triple === undefined) return undefined;
  try {
    // Two steps, so that it is found also where the package manager does not hoist.
    const shim = createRequire(createRequire(from).resolve('@openai/codex/package.json'));
    const vendorDir = join(dirname(shim.resolve(`@openai/codex-${platform}/package.json`)), 'vendor', triple);
    const hostPath = join(vendorDir, 'bin', 'codex');
    const { version } = shim('./package.json') as { version: string };
    return existsSync(hostPath) ? { vendorDir, hostPath, version } : undefined;
  } catch {
    return undefined;
  }
}
