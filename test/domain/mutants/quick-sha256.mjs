/** Node's SHA-256 with the signature that the domain uses. */
import { createHash } from 'node:crypto';

/** @param {Uint8Array} bytes */
export const sha256 = bytes => createHash('sha256').update(bytes).digest();
