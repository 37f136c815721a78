/** Reads artifacts that the stage's processes stored, as text. */
import { join } from 'node:path';
import { createLocalDirectoryStore } from '../src/artifacts/local-directory.ts';
import { isArtifactDigest } from '../src/artifacts/port.ts';
import { SHOWN_ARTIFACT_BYTES_MAX } from '../src/contracts/bounds.ts';

export async function artifactText(dataDir: string, digest: string): Promise<string> {
  if (!isArtifactDigest(digest)) throw new Error(`not a digest: ${digest.slice(0, 40)}`);
  const store = createLocalDirectoryStore({ directory: join(dataDir, 'artifacts') });
  return Buffer.from(await store.get(digest, SHOWN_ARTIFACT_BYTES_MAX)).toString('utf8');
}
