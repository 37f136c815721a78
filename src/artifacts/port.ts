/** Store for large data: transcripts, manifests, evidence, audit. Payloads and histories carry only digests. */
import { TroubleError } from '../domain/trouble.ts';

/** `sha256:` and the SHA-256 of the bytes as 64 hex digits. */
export type ArtifactDigest = `sha256:${string}`;

export interface ArtifactStore {
  /** Stores the bytes once; putting them again is not an error. Durable when it resolves. */
  put(bytes: Uint8Array, mediaType: string): Promise<ArtifactDigest>;
  /** Returns the bytes after checking them against the digest. Throws `ArtifactError`. */
  get(digest: ArtifactDigest, bytesMax: number): Promise<Uint8Array>;
  has(digest: ArtifactDigest): Promise<boolean>;
  /** Adds an artifact to those noted under a name; noting it again changes nothing. Only the scheduler may do this. */
  note(name: string, digest: ArtifactDigest): Promise<void>;
  /** All artifacts noted under a name, in no particular order. */
  noted(name: string): Promise<readonly ArtifactDigest[]>;
}

/**
 * What `signalbox artifacts prune` needs. A discarded artifact is in the trash, where `get` still finds it: who put it
 * again a moment before, and stored nothing because it was there, loses nothing.
 */
export interface RetainingStore extends ArtifactStore {
  artifacts(): AsyncIterable<StoredArtifact>;
  notes(): AsyncIterable<ArtifactDigest>;
  discard(digest: ArtifactDigest): Promise<void>;
  /** Brings it back from the trash. */
  restore(digest: ArtifactDigest): Promise<void>;
  /** Deletes it from the trash. */
  remove(digest: ArtifactDigest): Promise<void>;
}

export interface StoredArtifact {
  readonly digest: ArtifactDigest;
  readonly bytes: number;
  readonly isInTrash: boolean;
  /** When it was stored, or came into the trash: in milliseconds since 1970. */
  readonly sinceMs: number;
}

export type ArtifactErrorKind = 'missing' | 'corrupted' | 'too-large' | 'not-a-digest';

export class ArtifactError extends Error {
  override readonly name = 'ArtifactError';
  readonly kind: ArtifactErrorKind;
  constructor(kind: ArtifactErrorKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** How a store failed as a whole; another attempt can succeed, at the latest when a person has fixed it. */
export type StoreFailureKind =
  'unreachable' | 'no-bucket' | 'denied' | 'credential' | 'clock' | 'region' | 'busy' | 'bad-answer';

export class StoreFailure extends TroubleError {
  override readonly name = 'StoreFailure';
  readonly kind: StoreFailureKind;
  constructor(kind: StoreFailureKind, trouble: { readonly what: string; readonly fix?: string }) {
    super(trouble);
    this.kind = kind;
  }
}

export const ARTIFACT_BYTES_MAX = 512 * 1024 * 1024;

export function isArtifactDigest(text: string): text is ArtifactDigest {
  return /^sha256:[0-9a-f]{64}$/.test(text);
}
