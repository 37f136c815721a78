/** What an operator can do about a connection that failed before a request was sent. Pure. */

/** Codes of Node's TLS for a certificate that no known authority signed. */
const UNTRUSTED = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_GET_ISSUER_CERT',
]);
const CAUSES_MAX = 8;

export const TRUST_FIX =
  'set NODE_EXTRA_CA_CERTS to a file with the certificate of your private certificate authority';
export const PROXY_FIX =
  'correct HTTPS_PROXY (with user and password, if it requires them), or add the host to NO_PROXY';

export interface NetworkTrouble {
  readonly what: string;
  readonly fix: string;
}

/** Undefined if the error says neither that the certificate is not trusted nor that the proxy refused. */
export function networkTrouble(error: unknown): NetworkTrouble | undefined {
  const causes = causesOf(error);
  const code = causes.map(codeOf).find(found => found !== undefined && UNTRUSTED.has(found));
  if (code !== undefined) return { what: `the certificate is not trusted (${code})`, fix: TRUST_FIX };
  const refused = causes.map(refusalOf).find(found => found !== undefined);
  return refused === undefined ? undefined : { what: refused, fix: PROXY_FIX };
}

/** A `ProxyError`: nothing reached the server. */
function refusalOf({ name, message }: Cause): string | undefined {
  return name === 'ProxyError' && typeof message === 'string' ? message : undefined;
}

interface Cause {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly cause?: unknown;
  /** Of an `AggregateError`. */
  readonly errors?: unknown;
}

function causesOf(error: unknown): Cause[] {
  const causes: Cause[] = [];
  for (let at = error; typeof at === 'object' && at !== null && causes.length < CAUSES_MAX; at = innerOf(at))
    causes.push(at);
  return causes;
}

function innerOf({ errors, cause }: Cause): unknown {
  return Array.isArray(errors) ? (errors as unknown[])[0] : cause;
}

function codeOf({ code }: Cause): string | undefined {
  return typeof code === 'string' ? code : undefined;
}
