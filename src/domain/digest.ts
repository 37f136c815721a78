/** SHA-256 over canonical JSON. Pure JavaScript, because the workflow sandbox has no crypto module. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { canonicalJson } from './canonical-json.ts';

/** `sha256:` and 64 hexadecimal digits. */
export type Digest = `sha256:${string}`;

/** Digest of a plain JSON value. */
export function digestOf(value: unknown): Digest {
  return digestOfText(canonicalJson(value));
}

/** Digest of the UTF-8 bytes of `text`. */
export function digestOfText(text: string): Digest {
  return `sha256:${bytesToHex(sha256(utf8ToBytes(text)))}`;
}

/** The first characters people type: short enough for a comment, long enough not to collide within one issue. */
export const SHORT_DIGEST_CHARS = 12;

export function shortDigest(digest: Digest): string {
  return digest.slice('sha256:'.length, 'sha256:'.length + SHORT_DIGEST_CHARS);
}

/** A person's digest counts when it is a prefix of the whole one, at least {@link SHORT_DIGEST_CHARS} long. */
export function digestMatches(digest: Digest, given: string): boolean {
  const hex = given
    .trim()
    .toLowerCase()
    .replace(/^sha256:/, '');
  return hex.length >= SHORT_DIGEST_CHARS && digest.slice('sha256:'.length).startsWith(hex);
}
