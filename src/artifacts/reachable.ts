/** What is needed as long as some artifacts are: they themselves, and everything that their documents name. */
import { digestsIn } from './digest.ts';
import { ArtifactError, type ArtifactDigest, type ArtifactStore } from './port.ts';

/** Longer artifacts, such as change manifests, hold no digests of others. */
const DOCUMENT_BYTES_MAX = 64 * 1024 * 1024;
const READ_AT_ONCE = 8;

export interface ReachableInput {
  readonly store: Pick<ArtifactStore, 'get'>;
  /** Nothing else is read. */
  readonly isStored: (digest: ArtifactDigest) => boolean;
  readonly signal: AbortSignal;
}

export interface Reachable {
  readonly needed: ReadonlySet<ArtifactDigest>;
  /** Needed, but other bytes are stored under their names: what they name is not known. */
  readonly damaged: readonly ArtifactDigest[];
}

/** Any text can name a digest, so every artifact is read as text: one too many is kept rather than one too few. */
export async function reachableFrom(
  roots: Iterable<ArtifactDigest>,
  { store, isStored, signal }: ReachableInput,
): Promise<Reachable> {
  const needed = new Set(roots);
  const damaged: ArtifactDigest[] = [];
  let unread = [...needed];
  while (unread.length > 0) {
    signal.throwIfAborted();
    const batch = unread.splice(0, READ_AT_ONCE).filter(isStored);
    const texts = await Promise.all(
      batch.map(digest => textOf(store, digest, () => void damaged.push(digest))),
    );
    const found = new Set(texts.flatMap(digestsIn).filter(digest => !needed.has(digest)));
    for (const digest of found) needed.add(digest);
    unread = [...unread, ...found];
  }
  return { needed, damaged };
}

/** A store that fails as a whole stops everything. */
async function textOf(
  store: ReachableInput['store'],
  digest: ArtifactDigest,
  onDamage: () => void,
): Promise<string> {
  try {
    return Buffer.from(await store.get(digest, DOCUMENT_BYTES_MAX)).toString('latin1');
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    if (error.kind === 'corrupted') onDamage();
    return '';
  }
}
