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
  if (text.length > KEPT_CHARS_MAX) return computed(text);
  const known = kept.get(text);
  if (known !== undefined) return known;
  const digest = computed(text);
  if (kept.size >= KEPT_MAX) kept.clear();
  kept.set(text, digest);
  return digest;
}

/** The same few texts are asked for in each step, and SHA-256 in JavaScript is slow. */
const kept = new Map<string, Digest>();
const KEPT_MAX = 64;
const KEPT_CHARS_MAX = 4_096;

function computed(text: string): Digest {
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
