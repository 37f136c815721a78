/** Finds the native Codex binary: the package's own bin is a Node shim, and killing the shim orphans the agent. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { codexPackage } from '../../host/codex-package.ts';

export interface CodexBinary {
  /** Host directory to be mounted at `codexMount`. */
  readonly vendorDir: string;
  readonly hostPath: string;
  /** Version of the installed package. */
  readonly version: string;
}

/** Where the box sees the vendor directory. */
export const codexMount = '/opt/codex';

/** The installed binary, or undefined when this platform has none or the package is not installed. */
export function findCodex(from?: string): CodexBinary | undefined {
  const installed = codexPackage(from);
  if (installed === undefined) return undefined;
  const hostPath = join(installed.vendorDir, 'bin', 'codex');
  return existsSync(hostPath) ? { ...installed, hostPath } : undefined;
}
