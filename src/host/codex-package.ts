/** Where the installed package @openai/codex keeps its native programs: the agent and the bundled bubblewrap. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

export interface CodexPackage {
  readonly vendorDir: string;
  readonly version: string;
}

const triples: Readonly<Record<string, string>> = {
  'linux-x64': 'x86_64-unknown-linux-musl',
  'linux-arm64': 'aarch64-unknown-linux-musl',
  'darwin-x64': 'x86_64-apple-darwin',
  'darwin-arm64': 'aarch64-apple-darwin',
};

/** Undefined when the package is not installed or does not support this platform. `from`: the file to resolve it from. */
export function codexPackage(from: string = import.meta.url): CodexPackage | undefined {
  const platform = `${process.platform}-${process.arch}`;
  const triple = triples[platform];
  if (triple === undefined) return undefined;
  try {
    // Two steps: some package managers do not hoist, so the platform package is visible from the shim only.
    const shim = createRequire(createRequire(from).resolve('@openai/codex/package.json'));
    const vendorDir = join(dirname(shim.resolve(`@openai/codex-${platform}/package.json`)), 'vendor', triple);
    const { version } = shim('./package.json') as { version: string };
    return { vendorDir, version };
  } catch {
    return undefined;
  }
}
