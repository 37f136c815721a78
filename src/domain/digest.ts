/** SHA-256 over canonical JSON, in pure JavaScript because the workflow sandbox has no crypto module. */
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

/** Length of the prefix that people type: short enough for a comment, long enough to be unique within an issue. */
export const SHORT_DIGEST_CHARS = 12;

export function shortDigest(digest: Digest): string {
  return digest.slice('sha256:'.length, 'sha256:'.length + SHORT_DIGEST_CHARS);
}

/** Whether `given` is a prefix of the digest with at least {@link SHORT_DIGEST_CHARS} characters. */
export function digestMatches(digest: Digest, given: string): boolean {
  const hex = given
    .trim()
    .toLowerCase()
    .replace(/^sha256:/, '');
  return hex.length >= SHORT_DIGEST_CHARS && digest.slice('sha256:'.length).startsWith(hex);
}
