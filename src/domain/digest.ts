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

/** Length of the prefix that people type: short enough for a comment, too long to guess. */
export const SHORT_DIGEST_CHARS = 12;

export function shortDigest(digest: Digest): string {
  return digest.slice('sha256:'.length, 'sha256:'.length + SHORT_DIGEST_CHARS);
}

/** The digits of a digest as someone gave it. */
export function hexOf(given: string): string {
  return given
    .trim()
    .toLowerCase()
    .replace(/^sha256:/, '');
}

/**
 * Whether `given` is a prefix of the digest with at least {@link SHORT_DIGEST_CHARS} characters. Twelve digits are a collision
 * of half a minute for who can compute the digest: it must contain a secret (`boundTo`).
 */
export function digestMatches(digest: Digest, given: string): boolean {
  const hex = hexOf(given);
  return hex.length >= SHORT_DIGEST_CHARS && digest.slice('sha256:'.length).startsWith(hex);
}
