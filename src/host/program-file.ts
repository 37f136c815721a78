/** Finds the built file of a source file, so that processes start the same way from the sources and the package. */
import { fileURLToPath } from 'node:url';

/** `source` is relative to the root, such as `src/workers/main.ts`. */
export function programFile(source: string): string {
  const built = source.replace(/\.ts$/, '.js');
  // This file is in src/host, or in dist/src/host after the build.
  const fromSources = import.meta.url.endsWith('.ts');
  return fileURLToPath(new URL(fromSources ? `../../dist/${built}` : `../../${built}`, import.meta.url));
}
