/** Where big things live: transcripts, manifests, evidence, audit. Payloads and histories carry digests only. */

/** `sha256:` and 64 hex digits, of the bytes. */
export type ArtifactDigest = `sha256:${string}`;

export interface ArtifactStore {
  /** The same bytes are kept once; putting them again is no error. Durable when it returns. */
  put(bytes: Uint8Array, mediaType: string): Promise<ArtifactDigest>;
  /** The bytes, proven to be those of the digest. Throws `ArtifactError`. */
  get(digest: ArtifactDigest, bytesMax: number): Promise<Uint8Array>;
  has(digest: ArtifactDigest): Promise<boolean>;
  /** Notes an artifact under a name, beside those noted there before; noting it again changes nothing. */
  note(name: string, digest: ArtifactDigest): Promise<void>;
  /** All that were noted under a name, in no order. */
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
