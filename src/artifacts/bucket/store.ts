/** The store as a bucket of any S3-compatible server with conditional writes (docs/adr/0024, docs/artifacts.md). */
import { checked, artifactDigestOf, hexInDigest, tooLarge } from '../digest.ts';
import { ARTIFACT_BYTES_MAX, type ArtifactDigest, type RetainingStore, type StoreFailure } from '../port.ts';
import { type BucketClient, bucketClient, type BucketConnection } from './client.ts';
import { storeFailure } from './failures.ts';
import {
  digestInKey,
  digestInNote,
  NOTES,
  noteKey,
  notesPrefix,
  SHELF,
  shelfKey,
  TRASH,
  trashKey,
} from './keys.ts';
import { type ListedKey, listKeys } from './listing.ts';
import {
  ANSWER_BYTES_MAX,
  dropObject,
  objectExists,
  EXISTS,
  moveObject,
  ONLY_NEW,
  readObject,
  readWholeObject,
  writeObject,
} from './objects.ts';

export interface BucketStoreOptions extends BucketConnection {
  readonly artifactBytesMax?: number;
}

/** Of one name: archives of one issue, or builds. */
const NOTES_OF_A_NAME_MAX = 100_000;
const KEYS_MAX = 50_000_000;

export function createBucketStore(options: BucketStoreOptions): RetainingStore {
  const { place, artifactBytesMax = ARTIFACT_BYTES_MAX } = options;
  const client = bucketClient(options);
  const list = (under: string, keysMax: number): AsyncGenerator<ListedKey> =>
    listKeys({ client, place, under, keysMax });
  return {
    put: async (bytes, mediaType) => {
      if (bytes.byteLength > artifactBytesMax) throw tooLarge(bytes.byteLength, artifactBytesMax);
      const digest = artifactDigestOf(bytes);
      await create(client, { bytes, digest, mediaType });
      return digest;
    },
    get: async (digest, bytesMax) => {
      const found = await readWholeObject(client, shelfKey(digest), bytesMax);
      return checked(found ?? (await readWholeObject(client, trashKey(digest), bytesMax)), digest);
    },
    has: async digest =>
      (await objectExists(client, shelfKey(digest))) || (await objectExists(client, trashKey(digest))),
    note: async (name, digest) => {
      hexInDigest(digest);
      await createNote(client, noteKey(name, digest));
    },
    noted: async name => {
      const found: ArtifactDigest[] = [];
      for await (const { key } of list(notesPrefix(name), NOTES_OF_A_NAME_MAX))
        found.push(...listOf(digestInNote(key)));
      return found;
    },
    notes: async function* () {
      for await (const { key } of list(NOTES, KEYS_MAX)) yield* listOf(digestInNote(key));
    },
    artifacts: async function* () {
      for (const under of [SHELF, TRASH])
        for await (const { key, bytes, modifiedMs } of list(under, KEYS_MAX))
          for (const digest of listOf(digestInKey(key)))
            yield { digest, bytes, isInTrash: under === TRASH, sinceMs: modifiedMs };
    },
    discard: async digest =>
      await moveObject(client, place, { from: shelfKey(digest), to: trashKey(digest) }),
    restore: async digest =>
      await moveObject(client, place, { from: trashKey(digest), to: shelfKey(digest) }),
    remove: async digest => await dropObject(client, trashKey(digest)),
  };
}

function listOf(digest: ArtifactDigest | undefined): readonly ArtifactDigest[] {
  return digest === undefined ? [] : [digest];
}

interface NewArtifact {
  readonly bytes: Uint8Array;
  readonly digest: ArtifactDigest;
  readonly mediaType: string;
}

/** Each round is one try to create, and one look at what is there instead; another writer or `prune` can be in between. */
const ROUNDS = 3;

/** Bytes that are not what their name says count as absent: they are replaced, if nobody did so in the meantime. */
async function create(client: BucketClient, { bytes, digest, mediaType }: NewArtifact): Promise<void> {
  const key = shelfKey(digest);
  let condition: Readonly<Record<string, string>> = ONLY_NEW;
  for (let round = 0; round < ROUNDS; round++) {
    const status = await writeObject(client, {
      key,
      bytes,
      headers: { ...condition, 'content-type': mediaType },
    });
    if (status < 300) return;
    const found = await readObject(client, key, bytes.byteLength);
    if (found?.bytes !== undefined && artifactDigestOf(found.bytes) === digest) return;
    condition = found === undefined ? ONLY_NEW : { 'if-match': found.etag };
  }
  throw unfinished(key);
}

/** Whether the server refuses to create what exists. Some that call themselves compatible do not. */
export async function isConditionKept(client: BucketClient, existing: ArtifactDigest): Promise<boolean> {
  const bytes = await readWholeObject(client, shelfKey(existing), ANSWER_BYTES_MAX);
  const again = { key: shelfKey(existing), bytes: bytes ?? new Uint8Array(), headers: ONLY_NEW };
  return (await writeObject(client, again)) === EXISTS;
}

/** A note has no content: one that exists is the same. */
async function createNote(client: BucketClient, key: string): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    const status = await writeObject(client, { key, bytes: new Uint8Array(), headers: ONLY_NEW });
    if (status < 300 || status === EXISTS) return;
  }
  throw unfinished(key);
}

function unfinished(key: string): StoreFailure {
  return storeFailure([
    'busy',
    `other writers of ${key} do not finish`,
    'look at the log of the artifact store',
  ]);
}
