/** The signature of a delivery, checked while its body arrives. */
import { createHmac, timingSafeEqual } from 'node:crypto';

export interface SignatureCheck {
  update(chunk: Buffer): void;
  /** Call it once, after the last chunk. */
  matches(): boolean;
}

/** Undefined when the header is no signature: nothing needs to be read. */
export function signatureCheck(
  header: string | readonly string[] | undefined,
  secrets: readonly string[],
): SignatureCheck | undefined {
  if (typeof header !== 'string' || !SIGNATURE.test(header)) return undefined;
  const given = Buffer.from(header.slice('sha256='.length), 'hex');
  const hashes = secrets.map(secret => createHmac('sha256', secret));
  let isEmpty = true;
  return {
    update: chunk => {
      isEmpty = false;
      for (const hash of hashes) hash.update(chunk);
    },
    // An empty body says nothing, whoever signed it.
    matches: () => hashes.map(hash => timingSafeEqual(hash.digest(), given)).includes(true) && !isEmpty,
  };
}

const SIGNATURE = /^sha256=[0-9a-f]{64}$/;
