/** SHA-256 as the domain asks for it, from Node. */
import { createHash } from 'node:crypto';

/** @param {Uint8Array} bytes */
export const sha256 = bytes => createHash('sha256').update(bytes).digest();
