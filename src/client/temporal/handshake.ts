/** Tries an address without gRPC: one TCP connection or one TLS handshake, bounded in time. */
import { connect as connectTcp, isIP } from 'node:net';
import { connect as connectTls, type ConnectionOptions as TlsOptions } from 'node:tls';
import type { ConnectionOptions } from '@temporalio/client';

const TRY_MS = 3_000;
/** A server refuses a client's certificate after the handshake; this long it may take. */
const REFUSAL_MS = 2_000;

interface Place {
  readonly host: string;
  readonly port: number;
}

export function hostAndPort(address: string): Place {
  const end = address.lastIndexOf(':');
  const host = address.slice(0, end).replace(/^\[|\]$/g, '');
  return { host, port: Number(address.slice(end + 1)) };
}

export function tlsOptions(host: string, tls: ConnectionOptions['tls']): TlsOptions {
  const { serverNameOverride, serverRootCACertificate, clientCertPair } =
    typeof tls === 'object' && tls !== null ? tls : {};
  const name = serverNameOverride ?? host;
  return {
    ...(isIP(name) === 0 ? { servername: name } : {}),
    ...(serverRootCACertificate == null ? {} : { ca: Buffer.from(serverRootCACertificate) }),
    ...(clientCertPair == null
      ? {}
      : { cert: Buffer.from(clientCertPair.crt), key: Buffer.from(clientCertPair.key) }),
  };
}

export async function speaksTls(place: Place): Promise<boolean> {
  const code = await tlsFailure(place, { rejectUnauthorized: false });
  return code === undefined || (code.startsWith('ERR_SSL_') && !/WRONG_VERSION|PACKET_LENGTH/.test(code));
}

/** The code of the failure, or `undefined` when the handshake succeeds. */
export async function tlsFailure(place: Place, options: TlsOptions): Promise<string | undefined> {
  return await new Promise(resolve => {
    const socket = connectTls({ ...place, ...options, ALPNProtocols: ['h2'] });
    const done = (code: string | undefined): void => {
      clearTimeout(limit);
      socket.destroy();
      resolve(code);
    };
    const limit = setTimeout(() => done('ETIMEDOUT'), TRY_MS);
    let code = 'EPROTO';
    socket.once('error', (error: NodeJS.ErrnoException) => {
      code = error.code === 'ECONNRESET' ? code : (error.code ?? code);
    });
    socket.once('close', () => done(code));
    socket.once('secureConnect', () => {
      // Some servers close the connection of a client that they refuse, without a word.
      code = options.cert === undefined ? 'CERTIFICATE_REQUIRED' : 'BAD_CERTIFICATE';
      // Data is the server's first frame: it has accepted the client.
      socket.once('data', () => done(undefined));
      setTimeout(() => done(undefined), REFUSAL_MS).unref();
    });
  });
}

export async function tcpFailure(place: Place): Promise<string | undefined> {
  return await new Promise(resolve => {
    const socket = connectTcp(place);
    const done = (code: string | undefined): void => {
      clearTimeout(limit);
      socket.destroy();
      resolve(code);
    };
    const limit = setTimeout(() => done('ETIMEDOUT'), TRY_MS);
    socket.once('error', (error: NodeJS.ErrnoException) => done(error.code ?? 'EPROTO'));
    socket.once('connect', () => done(undefined));
  });
}
