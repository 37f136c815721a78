/** Finds the native Codex binary. The package's own bin is a Node shim, and killing the shim orphans the agent. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { codexPackage } from '../../host/codex-package.ts';

export interface CodexBinary {
  /** Host directory to mount at `codexMount`. */
  readonly vendorDir: string;
  readonly hostPath: string;
  /** Version of the installed package. */
  readonly version: string;
}

/** The vendor directory's path in the box. */
export const CODEX_MOUNT = '/opt/codex';

/** The installed binary; undefined when the package is not installed or has no binary for this platform. */
export function findCodex(from?: string): CodexBinary | undefined {
  const installed = codexPackage(from);
  if (installed === undefined) return undefined;
  const hostPath = join(installed.vendorDir, 'bin', 'codex');
  return existsSync(hostPath) ? { ...installed, hostPath } : undefined;
}
