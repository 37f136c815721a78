/** Reads texts from the artifact store by digest. A missing artifact is reported, not a crash. */
import { openStore } from '../../artifacts/open-store.ts';
import { ArtifactError, type ArtifactStore, isArtifactDigest } from '../../artifacts/port.ts';
import { processSettings, type ProcessSettings } from '../../config/environment.ts';
import { storePlaceText, storePlace } from '../../config/store-place.ts';
import { SHOWN_ARTIFACT_BYTES_MAX } from '../../contracts/bounds.ts';
import type { Cli } from './cli.ts';
import { CliError, EXIT } from './exit.ts';

/** Throws `CliError` with the searched store when the artifact is missing. */
export async function artifactText(cli: Cli, digest: string, what: string): Promise<string> {
  const text = await artifactIfThere(cli, digest);
  if (text !== undefined) return text;
  throw new CliError(EXIT.no, {
    what: `cannot find ${what} ${digest.slice(0, 19)} in ${storePlaceText(storePlace(settingsOf(cli)))}`,
    fix: "set SIGNALBOX_ARTIFACTS or SIGNALBOX_DATA_DIR as the scheduler has it, or run this on the scheduler's host",
  });
}

export async function artifactIfThere(cli: Cli, digest: string): Promise<string | undefined> {
  if (!isArtifactDigest(digest)) return undefined;
  try {
    return Buffer.from(await storeOf(cli).get(digest, SHOWN_ARTIFACT_BYTES_MAX)).toString('utf8');
  } catch (error) {
    if (error instanceof ArtifactError && error.kind === 'missing') return undefined;
    throw error;
  }
}

export async function notedArtifacts(cli: Cli, name: string): Promise<readonly string[]> {
  return await storeOf(cli).noted(name);
}

function storeOf(cli: Cli): ArtifactStore {
  return openStore(settingsOf(cli));
}

function settingsOf(cli: Cli): ProcessSettings {
  return processSettings(cli.settings().values);
}
