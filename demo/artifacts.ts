/** Reads artifacts that the stage's processes stored, as text. */
import { openStore } from '../src/artifacts/open-store.ts';
import { isArtifactDigest } from '../src/artifacts/port.ts';
import { type Environment, processSettings } from '../src/config/environment.ts';
import { SHOWN_ARTIFACT_BYTES_MAX } from '../src/contracts/bounds.ts';

/** With the settings of the stage's processes, by environment variable. */
export async function artifactText(storedBy: Environment, digest: string): Promise<string> {
  if (!isArtifactDigest(digest)) throw new Error(`not a digest: ${digest.slice(0, 40)}`);
  const store = openStore(processSettings(storedBy));
  return Buffer.from(await store.get(digest, SHOWN_ARTIFACT_BYTES_MAX)).toString('utf8');
}
