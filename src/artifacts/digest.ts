/** Digests of bytes, and the errors that both adapters throw. */
import { createHash } from 'node:crypto';
import { ArtifactError, type ArtifactDigest, isArtifactDigest } from './port.ts';

export function artifactDigestOf(bytes: Uint8Array): ArtifactDigest {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** Throws `ArtifactError` for anything that is not a digest: it could name another file. */
export function hexInDigest(digest: string): string {
  if (!isArtifactDigest(digest))
    throw new ArtifactError('not-a-digest', 'an artifact digest must be sha256:<64 hex digits>');
  return digest.slice('sha256:'.length);
}

/** Every digest that a text names, wherever it stands: a reader of references rather finds too many than too few. */
export function digestsIn(text: string): readonly ArtifactDigest[] {
  return [...(text.match(/sha256:[0-9a-f]{64}/g) ?? [])].filter(isArtifactDigest);
}

/** `ab/cdef…`: many small folders instead of one large one. */
export function shelfOf(digest: string): string {
  const hex = hexInDigest(digest);
  return `${hex.slice(0, 2)}/${hex.slice(2)}`;
}

/** The bytes, if they are what the digest names; throws `ArtifactError` otherwise. */
export function checked(bytes: Uint8Array | undefined, digest: ArtifactDigest): Uint8Array {
  if (bytes === undefined) throw new ArtifactError('missing', `${digest} is not in this store`);
  if (artifactDigestOf(bytes) === digest) return bytes;
  throw new ArtifactError('corrupted', `the stored bytes of ${digest} do not match the digest`);
}

export function tooLarge(bytes: number, bytesMax: number): ArtifactError {
  return new ArtifactError('too-large', `the artifact has ${bytes} bytes; the limit is ${bytesMax}`);
}
