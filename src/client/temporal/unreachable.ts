/**
 * Why Temporal cannot be reached. gRPC tells little, and its two libraries tell different things; so after a failure the
 * address is tried once more without gRPC, with the same certificates.
 */
import type { ConnectionOptions } from '@temporalio/client';
import type { FixableTrouble } from '../../domain/trouble.ts';
import { ClientProblem } from './client-problem.ts';
import { unreachable } from './server-problem.ts';
import { hostAndPort, speaksTls, tcpFailure, tlsFailure, tlsOptions } from './handshake.ts';

/** Resolves to a problem of the kind `unreachable` where waiting may help, and `unusable` where it cannot. */
export async function whyUnreachable(address: string, tls: ConnectionOptions['tls']): Promise<ClientProblem> {
  const isTls = tls !== undefined && tls !== null && tls !== false;
  const place = hostAndPort(address);
  const code = isTls ? await tlsFailure(place, tlsOptions(place.host, tls)) : await tcpFailure(place);
  if (!isTls && code === undefined && (await speaksTls(place)))
    return unusable(address, {
      what: 'the server speaks TLS, and TLS is off here',
      fix: 'set TEMPORAL_TLS=true, or TEMPORAL_TLS_SERVER_CA_CERT_PATH to its authority',
    });
  if (code === undefined) return unreachable(address);
  const why = RESULTS.find(([pattern]) => pattern.test(code));
  if (why !== undefined) return unusable(address, why[1]);
  return unreachable(address, WAITS.find(([pattern]) => pattern.test(code))?.[1]);
}

const WAITS: readonly (readonly [RegExp, FixableTrouble])[] = [
  [
    /^(?:ENOTFOUND|EAI_AGAIN)$/,
    { what: 'no such host', fix: 'correct the host in TEMPORAL_ADDRESS, or check the name server' },
  ],
  [
    /^(?:ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$/,
    { what: 'no answer', fix: 'check host and port in TEMPORAL_ADDRESS, and firewalls between' },
  ],
];

/** Codes of Node and OpenSSL for a handshake that fails. */
const RESULTS: readonly (readonly [RegExp, FixableTrouble])[] = [
  [
    /^CERT_(?:HAS_EXPIRED|NOT_YET_VALID)$/,
    {
      what: "the server's certificate is not valid today",
      fix: 'renew it at the server, or set the clock of this host',
    },
  ],
  [
    /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    {
      what: "the server's certificate is for another name",
      fix: 'set TEMPORAL_TLS_SERVER_NAME to a name in it, or correct TEMPORAL_ADDRESS',
    },
  ],
  [
    /SELF_SIGNED|^UNABLE_TO_|^CERT_(?:SIGNATURE_FAILURE|UNTRUSTED)/,
    {
      what: "the server's certificate is from an authority that is not trusted here",
      fix: 'set TEMPORAL_TLS_SERVER_CA_CERT_PATH to the certificate of that authority',
    },
  ],
  [
    /CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE/,
    {
      what: 'the server requires a client certificate',
      fix: 'set TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH',
    },
  ],
  [
    /UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_(?:EXPIRED|UNKNOWN|REVOKED)|UNSUPPORTED_CERTIFICATE|DECRYPT_ERROR/,
    {
      what: 'the server does not accept the client certificate',
      fix: 'set TEMPORAL_TLS_CLIENT_CERT_PATH to one from an authority that the server knows',
    },
  ],
  [
    /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|^EPROTO$/,
    {
      what: 'TLS is on here, and the server does not speak it',
      fix: 'set TEMPORAL_TLS=false and no API key, or correct the port in TEMPORAL_ADDRESS',
    },
  ],
];

function unusable(address: string, { what, fix }: FixableTrouble): ClientProblem {
  return new ClientProblem('unusable', { what: `cannot use Temporal at ${address}: ${what}`, fix });
}
