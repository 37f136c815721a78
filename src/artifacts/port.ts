/** Store for large data: transcripts, manifests, evidence, audit. Payloads and histories carry only digests. */

/** `sha256:` and the SHA-256 of the bytes as 64 hex digits. */
export type ArtifactDigest = `sha256:${string}`;

export interface ArtifactStore {
  /** Stores the bytes once; putting them again is not an error. Durable when it resolves. */
  put(bytes: Uint8Array, mediaType: string): Promise<ArtifactDigest>;
  /** Returns the bytes after checking them against the digest. Throws `ArtifactError`. */
  get(digest: ArtifactDigest, bytesMax: number): Promise<Uint8Array>;
  has(digest: ArtifactDigest): Promise<boolean>;
  /** Adds an artifact to those noted under a name; noting it again changes nothing. */
  note(name: string, digest: ArtifactDigest): Promise<void>;
  /** All artifacts noted under a name, in no particular order. */
  noted(name: string): Promise<readonly ArtifactDigest[]>;
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

export function isArtifactDigest(text: string): text is ArtifactDigest {
  return /^sha256:[0-9a-f]{64}$/.test(text);
}
