/** Reads texts from the local artifact store by digest. A missing artifact is reported, not a crash. */
import { createLocalDirectoryStore } from '../../artifacts/local-directory.ts';
import { ArtifactError, isArtifactDigest } from '../../artifacts/port.ts';
import { processSettings } from '../../config/environment.ts';
import { layoutOf } from '../../config/layout.ts';
import { SHOWN_ARTIFACT_BYTES_MAX } from '../../contracts/bounds.ts';
import type { Cli } from './cli.ts';
import { CliError, EXIT } from './exit.ts';

/** Throws `CliError` with the searched folder when the artifact is missing. */
export async function artifactText(cli: Cli, digest: string, what: string): Promise<string> {
  const text = await artifactIfThere(cli, digest);
  if (text !== undefined) return text;
  throw new CliError(EXIT.no, {
    what: `cannot find ${what} ${digest.slice(0, 19)} in ${storeFolder(cli)}`,
    fix: "set SIGNALBOX_DATA_DIR to the scheduler's data directory, or run this on the scheduler's host",
  });
}

export async function artifactIfThere(cli: Cli, digest: string): Promise<string | undefined> {
  if (!isArtifactDigest(digest)) return undefined;
  const store = createLocalDirectoryStore({ directory: storeFolder(cli) });
  try {
    return Buffer.from(await store.get(digest, SHOWN_ARTIFACT_BYTES_MAX)).toString('utf8');
  } catch (error) {
    if (error instanceof ArtifactError && error.kind === 'missing') return undefined;
    throw error;
  }
}

export async function notedArtifacts(cli: Cli, name: string): Promise<readonly string[]> {
  return await createLocalDirectoryStore({ directory: storeFolder(cli) }).noted(name);
}

function storeFolder(cli: Cli): string {
  return layoutOf(processSettings(cli.settings().values)).artifacts;
}
